"""The hand-written peers of the benchmark give the same rows as the pipeline.

They share only the text rules with it: if they differ, one of them is wrong.
"""

from pathlib import Path

import pytest

from lab.benchmarks.peers import COVERED_RULES
from lab.benchmarks.runners import RUNNERS
from lab.benchmarks.simulated import faults_beyond, simulate


@pytest.fixture(scope="module")
def odd_logs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("odd_logs")
    return simulate(2_000, folder, 53, "--malformed", "--index")


def test_logs_for_peers_have_no_fault_that_a_peer_does_not_know() -> None:
    assert faults_of("click_too_late") == ["click_too_late"]
    assert faults_of("timestamp_impossible", "malformed_line") == [
        "request_timestamp_impossible", "click_timestamp_impossible",
        "request_too_long", "click_too_long", "malformed_request", "malformed_click",
    ]  # fmt: skip


def faults_of(*rules: str) -> list[str]:
    """The faults that only logs for peers that know these rules have."""
    always_left_out = faults_beyond(COVERED_RULES)
    return [
        fault
        for fault in faults_beyond(COVERED_RULES - set(rules))
        if fault not in always_left_out
    ]


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
