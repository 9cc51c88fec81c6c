"""Joins the actual outcome of each raw row with the expected one."""

import csv
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from clip_search.engines import Connection, reading
from lab.score.score_error import ScoreError
from lab.simulate.answer_key import read_answers

Values = dict[str, Any]

_JUDGED = {
    "search_request": """
        select
            checked.line_number, checked.outcome, checked.reject_reason,
            checked.search_id, null, clean.*
        from int_search_request_checked as checked
        left join clean_search_request as clean
            on checked.search_id = clean.search_id and checked.outcome = 'clean'
        order by checked.file_id, checked.line_number
    """,
    "search_result_interaction": """
        select
            checked.line_number, checked.outcome, checked.reject_reason,
            checked.search_id, checked.cid, clean.*
        from int_search_result_interaction_checked as checked
        left join clean_search_result_interaction as clean
            on checked.search_id = clean.search_id
            and checked.cid = clean.cid
            and checked.outcome = 'clean'
        order by checked.file_id, checked.line_number
    """,
}
LOGS = tuple(_JUDGED)


@dataclass(frozen=True, slots=True)
class JudgedRow:
    """A raw row: the expected outcome and the actual one.

    Attributes:
        answer: Its entry in the answer key.
        outcome: clean, folded or rejected.
        reject_reason: Only for rejected rows.
        key: The search_id, and for a click the cid; for a folded row, those of the row
            that it repeats.
        clean: For a clean row, the row of the clean table.
    """

    answer: Values
    outcome: str
    reject_reason: str | None
    key: tuple[str, ...]
    clean: Values


def judged_rows(database: Path, answer_key: Path, log: str) -> Iterator[JudgedRow]:
    """The raw rows of a log, in order, each with its answer.

    Args:
        database: A warehouse that was built from exactly the logs of the answer key.
        answer_key: The answer key that the simulator wrote.
        log: The name of the log.

    Raises:
        ScoreError: The key does not exist, or it does not match the database.
        WarehouseError: The database does not exist or cannot be read.
    """
    with reading(database, "sqlite") as warehouse:
        try:
            rows = warehouse.execute(_JUDGED[log])
        except sqlite3.OperationalError as error:
            raise ScoreError(f"{database}: nothing is built yet: {error}") from None
        names = [each[0] for each in rows.description][5:]
        is_loaded = _holds_loads(warehouse)
        answers = _answers(answer_key, log)
        for answer in answers:
            row = rows.fetchone()
            if is_loaded and "line_number" not in answer:
                raise ScoreError(
                    f"{answer_key} does not say on which lines its rows are, so it is "
                    "only for the sample that comes with the project\n"
                    "Build it in an empty database, without loading anything."
                )
            line = answer["line_number" if is_loaded else "row_number"]
            if row is None or row[0] != line:
                raise _strangers(database, answer_key)
            _, outcome, reason, *key = row[:5]
            clean = dict(zip(names, row[5:], strict=True)) if outcome == "clean" else {}
            keys = tuple(part for part in key if part is not None)
            yield JudgedRow(answer, outcome, reason, keys, clean)
        if rows.fetchone() is not None:
            raise _strangers(database, answer_key)


def crawlers(truth: Path) -> set[str] | None:
    """The cuids of the crawlers, or None if there is no truth."""
    path = truth / "automated_user.csv"
    if not path.is_file():
        return None
    with path.open(encoding="utf-8", newline="") as file:
        return {row["cuid"] for row in csv.DictReader(file)}


def flagged_users(database: Path) -> set[str]:
    """The cuids whose clean searches are flagged as automated."""
    with reading(database, "sqlite") as warehouse:
        rows = warehouse.execute(
            "select distinct cuid from clean_search_request where is_automated = 1"
        )
        return {cuid for (cuid,) in rows}


def busiest_days(database: Path) -> dict[str, int]:
    """The number of clean searches of each user on the user's busiest day (UTC)."""
    with reading(database, "sqlite") as warehouse:
        return dict(
            warehouse.execute(
                """
                select cuid, max(searches)
                from (
                    select cuid, substr(ts, 1, 10) as day, count(*) as searches
                    from clean_search_request
                    group by cuid, day
                )
                group by cuid
                """
            )
        )


def _answers(path: Path, log: str) -> Iterator[Values]:
    try:
        for answer in read_answers(path):
            if answer["log"] == log:
                yield answer
    except (OSError, ValueError, KeyError) as error:
        raise ScoreError(f"{path} is not an answer key: {error}") from None


def _strangers(database: Path, answer_key: Path) -> ScoreError:
    return ScoreError(
        f"the rows in {database} are not those of {answer_key}\n"
        "Load exactly the logs of the answer key into an empty database, and build it."
    )


def _holds_loads(warehouse: Connection) -> bool:
    return bool(warehouse.execute("select count(*) from load_record").fetchone()[0])
