"""A query given to a command is treated like one in the log."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from typer.testing import CliRunner

from clip_search.cli import app
from clip_search.enrich.rewrites import Rewrite
from lab.evaluate.intended import from_labels

REWRITE = Rewrite(
    query_text="short flim",
    rewritten_text="short film",
    via_text=None,
    tier="auto",
    rule="misspelled",
    score=0.99,
    is_publishable=True,
    search_count=9,
    user_count=7,
    zero_result_count=8,
    rewritten_user_count=20,
    rewritten_clicked_search_count=15,
    retried_user_count=3,
    shared_clip_count=0,
    supporting_search_ids="s1",
)

# Each is `short flim` in the warehouse.
WAYS_TO_TYPE_IT = (
    "short+flim",
    "short%20flim",
    "SHORT  Flim ",
    "ｓｈｏｒｔ flim",
    "sho\u00adrt\u3000flim",
)


@pytest.fixture
def warehouse(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A database with what the commands read: one query, its rewrite and one click."""
    path = tmp_path / "clip_search.db"
    monkeypatch.setenv("CLIP_SEARCH_DATABASE", str(path))
    monkeypatch.setenv("CLIP_SEARCH_TARGET", "sqlite")
    monkeypatch.setenv("COLUMNS", "200")
    names = Rewrite.__dataclass_fields__
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(f"create table query_rewrite ({', '.join(names)})")
        connection.execute(
            f"insert into query_rewrite values ({', '.join('?' * len(names))})",
            [getattr(REWRITE, name) for name in names],
        )
        connection.executescript("""
            create table query_frequency (query_text, user_count);
            insert into query_frequency values ('short flim', 7), ('[email]', 4);
            create table int_enrichable_search (search_id, query_text);
            insert into int_enrichable_search values ('s1', 'short flim');
            create table clean_search_result_interaction (search_id, cid);
            insert into clean_search_result_interaction values ('s1', 'c1');
        """)
    yield path


def shown(command: str, query: str) -> str:
    finished = CliRunner().invoke(app, [command, "--", query])
    assert finished.exit_code == 0, finished.output
    return finished.stdout


@pytest.mark.parametrize("typed", WAYS_TO_TYPE_IT)
@pytest.mark.parametrize("command", ["enrich", "search"])
@pytest.mark.usefixtures("warehouse")
def test_a_query_has_one_answer_however_it_is_typed(command: str, typed: str) -> None:
    answer = shown(command, "short flim")
    assert "short film" in answer
    assert shown(command, typed) == answer


@pytest.mark.parametrize("command", ["enrich", "search"])
@pytest.mark.usefixtures("warehouse")
def test_personal_data_that_is_typed_is_not_shown(command: str) -> None:
    answer = shown(command, "Joe@example.com")
    assert "[email]" in answer
    assert "joe" not in answer.lower()


def test_a_label_means_the_query_that_the_log_would_have(
    warehouse: Path, tmp_path: Path
) -> None:
    labels = tmp_path / "labels.csv"
    labels.write_text(
        "search_id,kind,correction\ns1,misspelling,Short+Film|SHORT  FILMS\n",
        encoding="utf-8",
    )
    (judged,) = from_labels(labels, warehouse)
    assert judged.meant == {"short film", "short films"}
