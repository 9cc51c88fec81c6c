"""The clean layer, hand-written for Spark: reads landed logs and writes Parquet."""

import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from clip_search.engines.spark_session import spark_session
from lab.benchmarks.peers.run_sql import statements
from lab.benchmarks.peers.texts import LOGGED_COLUMNS


def main(landed: Path, results: Path) -> None:
    """Cleans the logs of one folder and writes the results to another."""
    session = spark_session(None)
    for log in LOGGED_COLUMNS:
        frame = session.read.parquet(str(landed / f"{log}.parquet"))
        frame.createOrReplaceTempView(f"landed_{log}")
    with TemporaryDirectory(dir=results) as scratch:
        for statement in statements("spark", results=str(results), scratch=scratch):
            session.sql(statement)
    session.stop()


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
