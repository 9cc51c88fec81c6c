"""Scores each rule, redaction and fold against the answer key."""

from dataclasses import dataclass, field
from pathlib import Path

from lab.score.judged_rows import (
    LOGS,
    JudgedRow,
    busiest_days,
    crawlers,
    flagged_users,
    judged_rows,
)
from lab.score.tally import Tally

PERSONAL_KINDS = ("card", "iban", "ssn", "email", "ip", "phone")
LIMITS = range(50, 1_001, 25)
"""The limits, in searches of a user per day, at which automated users are scored."""
USUAL_LIMIT = 500
"""The default of the var `automated_searches_per_day`."""
SETTLED_BY_CLICK = (
    "disputed_time_settled",
    "disputed_time_settled_by_refused_click",
    "reused_id_and_repeat",
)
"""Faults that log a search with several times, of which a click shows the true one."""


@dataclass(slots=True)
class Score:
    """Tallies by what is scored.

    Attributes:
        rejects: Rows by (log, reject rule).
        folds: Rows by log; found if the row is folded into the right clean row.
        redactions: Clean requests by the kind of personal data in them.
        kinds: Clean requests by query_kind.
        values: Clean rows by log; found if every value is right.
        settled: Searches logged with several times, one of which a click confirms;
            found if the clean row has that time.
        marked: Searches logged with several times that cannot be decided, and
            is_ts_disputed.
        marked_totals: Searches logged with several totals that no click decides, and
            is_total_disputed.
        automated_rows: Clean requests and is_automated, as the rule defines it.
        automated_people: Users and is_automated, against the true crawlers.
        limits: The same at other limits of searches per day.
        rows: Raw rows by log.
    """

    rejects: dict[tuple[str, str], Tally] = field(default_factory=dict)
    folds: dict[str, Tally] = field(default_factory=dict)
    redactions: dict[str, Tally] = field(default_factory=dict)
    kinds: dict[str, Tally] = field(default_factory=dict)
    values: dict[str, Tally] = field(default_factory=dict)
    settled: Tally = field(default_factory=Tally)
    marked: Tally = field(default_factory=Tally)
    marked_totals: Tally = field(default_factory=Tally)
    automated_rows: Tally = field(default_factory=Tally)
    automated_people: Tally | None = None
    limits: dict[int, Tally] = field(default_factory=dict)
    rows: dict[str, int] = field(default_factory=dict)


def score_warehouse(database: Path, answer_key: Path, truth: Path | None) -> Score:
    """Scores the result of a run.

    Args:
        database: The warehouse's SQLite file; only read.
        answer_key: The answer key of the logs that it was built from.
        truth: The folder with the truth about their world, if there is one.

    Raises:
        ScoreError: Database and answer key do not match.
    """
    score = Score()
    for log in LOGS:
        settled: dict[str, bool] = {}
        right_times: dict[str, bool] = {}
        for row in judged_rows(database, answer_key, log):
            score.rows[log] = score.rows.get(log, 0) + 1
            _score_outcome(score, log, row)
            if log == LOGS[0]:
                _score_request(score, row)
                if row.answer["fault"] in SETTLED_BY_CLICK:
                    settled[_expected_key(row)[0]] = True
                if "clean" in row.answer and row.clean:
                    is_right = row.clean["ts"] == row.answer["clean"]["ts"]
                    right_times[row.key[0]] = is_right
        for search_id in settled:
            is_right = right_times.get(search_id, False)
            score.settled.add(True, is_right)
            score.settled.wrong += not is_right
    if truth is not None:
        _score_people(score, database, truth)
    return score


def _score_outcome(score: Score, log: str, row: JudgedRow) -> None:
    answer = row.answer
    reasons = {answer["reject_reason"], row.reject_reason} - {None}
    for reason in reasons:
        tally = score.rejects.setdefault((log, reason), Tally())
        tally.add(answer["reject_reason"] == reason, row.reject_reason == reason)
    is_folded = row.outcome == "folded"
    should_fold = answer["outcome"] == "folded"
    if is_folded or should_fold:
        is_right = is_folded and should_fold and row.key == _expected_key(row)
        tally = score.folds.setdefault(log, Tally())
        tally.add(should_fold, is_right)
        tally.wrong += is_folded and not is_right
    if row.outcome == "clean" or answer["outcome"] == "clean":
        expected = answer.get("clean", {})
        is_right = all(row.clean.get(name) == each for name, each in expected.items())
        tally = score.values.setdefault(log, Tally())
        tally.add(bool(expected), bool(expected and row.clean and is_right))
        tally.wrong += bool(row.clean) and not (expected and is_right)


def _score_request(score: Score, row: JudgedRow) -> None:
    expected, clean = row.answer.get("clean", {}), row.clean
    if not expected and not clean:
        return
    for kind in PERSONAL_KINDS:
        mark = f"[{kind}]"
        tally = score.redactions.setdefault(kind, Tally())
        wanted = expected.get("search_query", "").count(mark)
        got = clean.get("search_query", "").count(mark)
        tally.found += min(wanted, got)
        tally.missed += max(wanted - got, 0)
        tally.wrong += max(got - wanted, 0)
    for kind in {expected.get("query_kind"), clean.get("query_kind")} - {None}:
        tally = score.kinds.setdefault(kind, Tally())
        tally.add(expected.get("query_kind") == kind, clean.get("query_kind") == kind)
    for name, tally in (
        ("is_ts_disputed", score.marked),
        ("is_total_disputed", score.marked_totals),
        ("is_automated", score.automated_rows),
    ):
        tally.add(expected.get(name) == 1, clean.get(name) == 1)


def _score_people(score: Score, database: Path, truth: Path) -> None:
    automated = crawlers(truth)
    if automated is None:
        return
    score.automated_people = _people(automated, flagged_users(database))
    days = busiest_days(database)
    for limit in LIMITS:
        flagged = {cuid for cuid, searches in days.items() if searches > limit}
        score.limits[limit] = _people(automated, flagged)


def _people(automated: set[str], flagged: set[str]) -> Tally:
    return Tally(
        found=len(automated & flagged),
        missed=len(automated - flagged),
        wrong=len(flagged - automated),
    )


def _expected_key(row: JudgedRow) -> tuple[str, ...]:
    expected = row.answer.get("folded_into") or row.answer.get("clean") or {}
    keys = (expected.get("search_id"), expected.get("cid"))
    return tuple(part for part in keys if part is not None) or row.key
