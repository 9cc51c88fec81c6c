"""The hand-written peers of the benchmark give the same rows as the pipeline.

They share only the text rules with it: if they differ, one of them is wrong.
"""

from pathlib import Path

import pytest

from lab.benchmarks.runners import RUNNERS
from lab.warehouse import Warehouse


@pytest.fixture(scope="module")
def odd_logs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("odd_logs")
    finished = Warehouse(folder / "none.db").run(
        "clip-search", "simulate", "--seed", "53", "--requests", "2000", "--malformed",
        "--index", "--no-key", "--out", str(folder),
    )  # fmt: skip
    assert finished.returncode == 0, finished.stderr
    return folder


# Each loads and seeds its own database, only for a benchmark: half a minute.
@pytest.mark.long
@pytest.mark.parametrize("name", ["sqlite.sql", "polars"])
def test_a_peer_runs_alone(name: str, odd_logs: Path, tmp_path: Path) -> None:
    """As with `--only`: no other runner has loaded the logs before it."""
    (peer,) = [runner for runner in RUNNERS if runner.name == name]
    peer.run(peer.prepare(odd_logs, tmp_path), tmp_path)
    made = peer.fingerprints(tmp_path)
    assert all(table.row_count > 50 for table in made.values())


@pytest.mark.long
def test_peers_make_the_rows_of_the_pipeline(odd_logs: Path, tmp_path: Path) -> None:
    expected = None
    for runner in RUNNERS:
        runner.run(runner.prepare(odd_logs, tmp_path), tmp_path)
        found = runner.fingerprints(tmp_path)
        expected = expected or found
        assert found == expected, runner.name
    assert expected
    assert all(table.row_count > 50 for table in expected.values())
