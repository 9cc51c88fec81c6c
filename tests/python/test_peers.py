"""The hand-written peers of the benchmark give the same rows as the pipeline.

They share only the text rules with it: if they differ, one of them is wrong.
"""

import tomllib
from pathlib import Path

import pytest

from lab.benchmarks import simulated
from lab.benchmarks.peers import COVERED_RULES
from lab.benchmarks.runners import RUNNERS
from lab.benchmarks.simulated import faults_beyond, simulate

# What simulated logs lack: totals that a click proves wrong, all but one or only some;
# clicks that prove nothing because they come too early, too late or at a position
# beyond every total; a click that is early only by its clock; unknown totals; one time
# in two zones; an object without a number; and clicks that just wait, or wait no more.
RARE_REQUESTS = """search_id,search_query,ts,cuid,total
all-wrong,gold,2020-03-10T10:00:00Z,r1,0
all-wrong,gold,2020-03-10T10:00:00Z,r1,2
all-wrong,gold,2020-03-10T10:00:00Z,r1,9
two-left,gold,2020-03-10T10:00:00Z,r2,9
two-left,gold,2020-03-10T10:00:00Z,r2,2
two-left,gold,2020-03-10T10:00:00Z,r2,0
too-early,gold,2020-03-10T10:00:00Z,r3,0
too-early,gold,2020-03-10T10:00:00Z,r3,9
too-late,gold,2020-03-10T10:00:00Z,r4,0
too-late,gold,2020-03-10T10:00:00Z,r4,9
beyond,gold,2020-03-10T10:00:00Z,r5,0
beyond,gold,2020-03-10T10:00:00Z,r5,9
clocks,gold,2020-03-10T10:00:00Z,r6,0
clocks,gold,2020-03-10T10:00:00Z,r6,9
partly-unknown,gold,2020-03-10T10:00:00Z,r7,NULL
partly-unknown,gold,2020-03-10T10:00:00Z,r7,7
never-known,gold,2020-03-10T10:00:00Z,r8,n/a
never-known,gold,2020-03-10T10:00:00Z,r8,
zones,gold,2020-03-10T10:00:00Z,r9,4
zones,gold,2020-03-10T05:30:00-04:30,r9,4
other-user,gold,2020-03-10T10:00:00Z,r10,4
other-user,gold,2020-03-10T10:00:05Z,r11,50
stranger,gold,2020-03-10T10:00:00Z,r13,0
stranger,gold,2020-03-10T10:00:00Z,r13,9
stranger,gold,2020-03-10T10:01:00Z,r14,5
told-again,gold,2020-03-10T10:00:00Z,r15,9
told-again,gold,2021-06-01T10:00:00Z,r15,0
no-number,gold,2020-03-10T10:00:00Z,r12,{}
newest,gold,2034-12-31T12:00:00.000Z,r16, {"value": 12.0}
"""
RARE_CLICKS = """search_id,ts,cid,position
all-wrong,2020-03-10T10:00:07Z,c1,3
two-left,2020-03-10T10:00:07Z,c1,2
too-early,2020-03-10T09:59:57.999Z,c1,3
too-late,2020-03-11T10:00:00.001Z,c1,3
beyond,2020-03-10T10:00:07Z,c1,10
clocks,2020-03-10T09:59:58Z,c1,3
never-known,2020-03-10T10:00:07Z,c1,400
other-user,2020-03-10T10:00:02Z,c1,4
stranger,2020-03-10T10:00:07Z,c1,3
told-again,2020-03-10T10:00:07Z,c1,3
waits,2034-12-30T12:00:00.001Z,c1,1
waits-no-more,2034-12-30T12:00:00.000Z,c1,1
"""


@pytest.fixture(scope="module")
def odd_logs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("odd_logs")
    logs = simulate(2_000, folder, 53, "--malformed", "--index")
    (logs / "search_request_rare.csv").write_text(RARE_REQUESTS)
    (logs / "search_result_interaction_rare.csv").write_text(RARE_CLICKS)
    return logs


def test_logs_for_peers_have_no_fault_that_a_peer_does_not_know() -> None:
    assert faults_of("click_too_late") == ["click_too_late"]
    assert faults_of("timestamp_impossible", "malformed_line") == [
        "request_timestamp_impossible", "click_timestamp_impossible",
        "request_too_long", "click_too_long", "malformed_request", "malformed_click",
    ]  # fmt: skip


def test_logs_for_peers_have_no_text_that_was_typed_under_one_id(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(simulated.subprocess, "run", lambda *_, **__: None)
    simulate(10, tmp_path)
    faults = tomllib.loads((tmp_path / "peers.toml").read_text())["faults"]
    assert faults["typed_under_one_id"] == 0
    assert "total_undecided" not in faults


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
