"""The runners of the benchmark: the pipeline per engine, and hand-written peers."""

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from multiprocessing import get_context
from pathlib import Path

from clip_search.engines import Connection, reading
from clip_search.logs import LOG_NAMES, LOGS
from clip_search.project import PROJECT_ROOT
from lab import parity

TABLES = (
    "clean_search_request",
    "clean_search_result_interaction",
    "rejected_search_request",
    "rejected_search_result_interaction",
)
PROGRAMS = Path(sys.executable).parent


@dataclass(frozen=True)
class Cost:
    """The cost of a run: CPU and wall seconds, peak memory in MB, seconds by model."""

    cpu: float
    wall: float
    memory: float
    by_model: Mapping[str, float] = field(default_factory=dict)


def measured(command: list[str], environment: Mapping[str, str] | None = None) -> Cost:
    """Runs a command and waits for all processes that it starts.

    Raises:
        RuntimeError: It failed; the message contains its output.
    """
    began = time.monotonic()
    process = subprocess.Popen(
        [sys.executable, "-m", "lab.benchmarks.whole", *command],
        cwd=PROJECT_ROOT,
        env={**os.environ, "POLARS_MAX_THREADS": "2", **(environment or {})},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    errors = process.stderr.read() if process.stderr else b""
    peak = process.stdout.read() if process.stdout else b""
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"{' '.join(command)} failed: {errors.decode()[-2000:]}")
    return Cost(
        usage.ru_utime + usage.ru_stime,
        time.monotonic() - began,
        int(peak) / 1024,
    )


class Pipeline:
    """This project on an engine: one `dbt run --full-refresh` of the clean layer."""

    is_ours = True

    def __init__(self, engine: str) -> None:
        """Takes the engine, which is part of the runner's name."""
        self.engine = engine
        self.name = f"clip-search on {engine}"
        self.command = "dbt run --full-refresh --select +path:models/clean"

    def environment(self, database: Path) -> dict[str, str]:
        """The variables that make the project's commands use this database."""
        return {
            "CLIP_SEARCH_TARGET": self.engine,
            "CLIP_SEARCH_DATABASE": str(database),
            "DBT_TARGET_PATH": str(database.parent / f"target_{self.engine}"),
            "DBT_LOG_PATH": str(database.parent / f"log_{self.engine}"),
        }

    def prepare(self, logs: Path, folder: Path) -> Path:
        """A database with the logs and the reference seeds, created once per folder."""
        database = folder / f"landed.{self.engine}"
        if database.exists():
            return database
        selected = ["--select", "+path:models/clean"]
        for program, *arguments in (
            ["clip-search", "load", str(logs)],
            ["dbt", "--quiet", "seed", *selected],
        ):
            measured([str(PROGRAMS / program), *arguments], self.environment(database))
        return database

    def run(self, landed: Path, folder: Path) -> Cost:
        """Builds the clean layer in a copy.

        On Spark, whose tables have absolute paths, it builds in the original folder.
        """
        database = self._built(folder)
        if database != landed:
            shutil.copy(landed, database)
        environment = self.environment(database)
        cost = measured([str(PROGRAMS / "dbt"), *self.command.split()[1:]], environment)
        results = json.loads(
            (Path(environment["DBT_TARGET_PATH"]) / "run_results.json").read_text()
        )["results"]
        seconds = {
            result["unique_id"].split(".")[-1]: result["execution_time"]
            for result in results
        }
        return Cost(cost.cpu, cost.wall, cost.memory, seconds)

    def starts(self, few: Path, folder: Path, rounds: int) -> list[Cost]:
        """The cost of dbt's start-up, measured `rounds` times.

        This is the same command on a log of a few rows. On Spark, whose peer also
        starts Spark, it is what dbt does without Spark, with the project already
        parsed, as it is for `run`.

        Args:
            few: The folder of a log of a few rows.
            folder: The folder of the landed database.
            rounds: The number of measurements.
        """
        if self.engine != "spark":
            small = folder / "small"
            small.mkdir(exist_ok=True)
            landed = self.prepare(few, small)
            return [self.run(landed, small) for _ in range(rounds)]
        listing = [str(PROGRAMS / "dbt"), "--quiet", "list", "--select"]
        environment = self.environment(self._built(folder))
        return [
            measured([*listing, "+path:models/clean"], environment)
            for _ in range(rounds)
        ]

    def fingerprints(self, folder: Path) -> dict[str, parity.Fingerprint]:
        """The fingerprints of the built tables, computed in a separate process.

        Spark's catalog belongs to one process until that process ends.
        """
        with ProcessPoolExecutor(1, get_context("spawn")) as reader:
            return reader.submit(
                _fingerprints_of, self._built(folder), self.engine
            ).result()

    def _built(self, folder: Path) -> Path:
        state = "landed" if self.engine == "spark" else "built"
        return folder / f"{state}.{self.engine}"


class SqlPeer:
    """An engine's hand-written script, on a copy of the same landed logs."""

    is_ours = False

    def __init__(self, engine: str) -> None:
        """Takes the engine, which is part of the runner's name."""
        self.engine = engine
        self.name = f"{engine}.sql"
        self.command = f"python -m lab.benchmarks.peers.run_sql {engine} DATABASE"

    def prepare(self, logs: Path, folder: Path) -> Path:
        """The same database that the pipeline starts from."""
        return Pipeline(self.engine).prepare(logs, folder)

    def run(self, landed: Path, folder: Path) -> Cost:
        """Builds the `peer_` tables in a copy."""
        database = shutil.copy(landed, folder / f"peer.{self.engine}")
        return measured([sys.executable, *self.command.split()[1:-1], str(database)])

    def fingerprints(self, folder: Path) -> dict[str, parity.Fingerprint]:
        """Of the tables that were built."""
        with reading(folder / f"peer.{self.engine}", self.engine) as connection:
            return {
                table: _fingerprint(connection, f"peer_{table}") for table in TABLES
            }


class FramePeer:
    """A hand-written script over data frames, which reads and writes Parquet."""

    is_ours = False

    def __init__(self, library: str, name: str, files: str) -> None:
        """Describes the peer.

        Args:
            library: The library that it uses.
            name: The runner's name.
            files: A pattern for the files of a table, in which TABLE is its name, for
                DuckDB.
        """
        self.name = name
        self.files = files
        self.command = f"python -m lab.benchmarks.peers.with_{library} LANDED RESULTS"

    def prepare(self, logs: Path, folder: Path) -> Path:
        """The landed rows as Parquet, exported from DuckDB's database."""
        import duckdb

        landed = folder / "landed"
        landed.mkdir(exist_ok=True)
        database = Pipeline("duckdb").prepare(logs, folder)
        with duckdb.connect(str(database), read_only=True) as connection:
            for log in LOG_NAMES:
                connection.execute(f"copy landed_{log} to '{landed / log}.parquet'")
        return landed

    def run(self, landed: Path, folder: Path) -> Cost:
        """Writes the results as Parquet."""
        results = folder / f"results_{self.name}"
        results.mkdir(exist_ok=True)
        return measured(
            [sys.executable, *self.command.split()[1:-2], str(landed), str(results)]
        )

    def fingerprints(self, folder: Path) -> dict[str, parity.Fingerprint]:
        """The fingerprints of the written files."""
        import duckdb

        with duckdb.connect() as connection:
            return {
                table: _fingerprint(
                    connection,
                    f"'{folder}/results_{self.name}/"
                    f"{self.files.replace('TABLE', table)}'",
                )
                for table in TABLES
            }


def _fingerprints_of(database: Path, engine: str) -> dict[str, parity.Fingerprint]:
    with reading(database, engine) as connection:
        return {table: _fingerprint(connection, table) for table in TABLES}


def _fingerprint(connection: Connection, relation: str) -> parity.Fingerprint:
    # Peers leave out the columns that no rule reads, and those for other teams' logs.
    left_out = {name for log in LOGS for name in (*log.optional, *log.passed_through)}
    left_out.add("is_search_id_inferred")
    columns = [
        name
        for name in parity.column_names(connection, relation)
        if name not in left_out
    ]
    return parity.fingerprint(parity.row_lines(connection, relation, columns))


Runner = Pipeline | SqlPeer | FramePeer


def why_left_out(runner: Runner) -> str | None:
    """Why a runner cannot run on this machine, or None if it can."""
    if "spark" not in runner.name or os.environ.get("JAVA_HOME"):
        return None
    return None if shutil.which("java") else "Spark needs Java, which is not installed"


# For each engine, the pipeline comes first: its peers use the logs that it loads.
RUNNERS: tuple[Runner, ...] = (
    Pipeline("sqlite"),
    SqlPeer("sqlite"),
    Pipeline("duckdb"),
    SqlPeer("duckdb"),
    FramePeer("polars", "polars", "TABLE.parquet"),
    FramePeer("pandas", "pandas", "TABLE.parquet"),
    Pipeline("spark"),
    FramePeer("spark", "spark.sql", "TABLE/*.parquet"),
)
