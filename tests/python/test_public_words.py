"""The public words are built once, in a file that SQLite warehouses share."""

import csv
import os
import shutil
import sqlite3
import subprocess
import time
from pathlib import Path

import pytest

from clip_search.engines import public_words
from clip_search.engines.public_words import attach_public_words, public_words_path
from lab.warehouse import PUBLIC_WORDS, Warehouse
from tests.python.conftest import ROOT, NewWarehouse


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty cache folder of its own, which does not exist yet."""
    folder = tmp_path / "new" / "cache"
    monkeypatch.setenv("CLIP_SEARCH_CACHE", str(folder))
    return folder


def test_a_warehouse_finds_the_words_that_another_one_built(
    new_warehouse: NewWarehouse,
) -> None:
    first, second = new_warehouse("first"), new_warehouse("second")
    words = public_words_path(first.database)
    before = words.read_bytes()
    second.dbt("run", "--select", *PUBLIC_WORDS)
    assert public_words_path(second.database) == words
    assert words.read_bytes() == before
    assert second.database.stat().st_size < 8_000_000


def test_each_word_is_there_once_and_shortened_once_at_each_letter(
    prepared_warehouse: Warehouse,
) -> None:
    words, different = prepared_warehouse.query(
        "select count(*), count(distinct word) from english_word"
    )[0]
    assert words == different > 200_000
    wrong = """
        select word
        from int_listed_word_shortened
        group by word
        having
            count(*) <> length(word) + 1
            or count(distinct position) <> length(word) + 1
    """
    assert prepared_warehouse.query(wrong) == []


def test_words_that_were_deleted_are_built_again(
    cache: Path, new_warehouse: NewWarehouse
) -> None:
    warehouse = new_warehouse("again")
    assert not cache.exists()
    warehouse.dbt("run", "--select", *PUBLIC_WORDS)
    assert [path.parent for path in cache.glob("words-*.db")] == [cache]
    assert warehouse.query("select count(*) > 200000 from english_word") == [(1,)]


# Both build the words, which take most of a minute.
@pytest.mark.long
def test_two_runs_that_need_the_words_at_the_same_time_both_succeed(
    cache: Path, new_warehouse: NewWarehouse
) -> None:
    warehouses = [new_warehouse("one"), new_warehouse("other")]
    runs = [
        subprocess.Popen(
            ["dbt", "run", "--select", *PUBLIC_WORDS],
            cwd=ROOT,
            env=warehouse.environment,
            stdout=subprocess.PIPE,
            text=True,
        )
        for warehouse in warehouses
    ]
    for run in runs:
        said, _ = run.communicate()
        assert run.returncode == 0, said
    for warehouse in warehouses:
        assert warehouse.query("select count(*) > 200000 from english_word") == [(1,)]


def test_without_a_cache_folder_the_words_are_beside_the_warehouse(
    cache: Path, tmp_path: Path
) -> None:
    cache.parent.mkdir()
    cache.write_text("a file in place of the folder")
    found = public_words_path(tmp_path / "clip_search.db")
    assert found.parent == tmp_path


@pytest.mark.parametrize(
    "changed",
    [
        "macros/enrichment/one_typo_apart.sql",
        "models/learned/english_word.sql",
        "seeds/enrichment/english_word_list.csv",
    ],
)
def test_other_words_or_code_get_another_file(
    changed: str, cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def name() -> str:
        public_words._fingerprint.cache_clear()
        return public_words_path(tmp_path / "a.db").name

    before = name()
    project = tmp_path / "project"
    for part in ("macros", "models", "seeds"):
        shutil.copytree(ROOT / part, project / part)
    monkeypatch.setattr(public_words, "PROJECT_ROOT", project)
    assert name() == before
    with (project / changed).open("a") as file:
        file.write("\n")
    assert name() != before
    monkeypatch.undo()
    public_words._fingerprint.cache_clear()


def test_other_languages_get_another_file(
    cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def name(languages: str) -> str:
        monkeypatch.setenv("CLIP_SEARCH_LANGUAGES", languages)
        return public_words_path(tmp_path / "a.db").name

    assert name("english,german") == name("German, English")
    assert len({name(each) for each in ("english", "german", "english,german")}) == 3


# The words of both lists take most of a minute.
@pytest.mark.long
def test_a_word_is_english_unless_it_is_much_more_frequent_in_german(
    cache: Path, new_warehouse: NewWarehouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CLIP_SEARCH_LANGUAGES", "english,german")
    english = frequencies("english") | frequencies("rare")
    german = frequencies("german")
    warehouse = new_warehouse("german")
    for command in ("seed", "run"):
        select = ["--select", *(f"+{name}" for name in PUBLIC_WORDS)]
        done = warehouse.run("dbt", command, *select)
        assert done.returncode == 0, done.stdout
    rows = warehouse.query("select word, frequency, can_be_part from english_word")
    assert {word: (frequency, part) for word, frequency, part in rows} == {
        word: (
            max(english.get(word, 0), german.get(word, 0)),
            int(english.get(word, -99) >= german.get(word, 0) - 50),
        )
        for word in english | german
    }
    # Of the words that both lists have, some are much more frequent in German.
    belongs = dict(warehouse.query("select word, can_be_part from english_word"))
    assert [belongs[word] for word in ("film", "garden", "spiel", "garten")] == [
        *(1, 1, 0, 0)
    ]


def frequencies(name: str) -> dict[str, int]:
    """The words of a list, read from its file."""
    path = ROOT / "seeds" / "enrichment" / f"{name}_word_list.csv"
    with path.open(encoding="utf-8", newline="") as file:
        return {
            word: int(row["frequency"])
            for row in csv.DictReader(file)
            for word in row["words"].split(" ")
        }


def test_a_file_that_nobody_used_for_a_month_is_deleted(
    cache: Path, tmp_path: Path
) -> None:
    cache.mkdir(parents=True)
    month = 31 * 86400
    for name, age in (
        ("words-old.db", month),
        ("words-new.db", 0),
        ("other.db", month),
    ):
        (cache / name).touch()
        os.utime(cache / name, (time.time() - age,) * 2)
    public_words.tidy.cache_clear()
    connection = sqlite3.connect(":memory:")
    attach_public_words(connection, tmp_path / "a.db")
    connection.close()
    left = {path.name for path in cache.iterdir()}
    assert "words-old.db" not in left
    assert {"words-new.db", "other.db"} <= left
