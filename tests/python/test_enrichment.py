"""Properties of every rewrite, for any log and any review."""

import random
import re
import shutil
import sqlite3
import string
from contextlib import closing
from itertools import combinations
from pathlib import Path

import pytest
from conftest import ROOT, NewWarehouse
from typer.testing import CliRunner

from clip_search.cli import app
from clip_search.engines import reading
from clip_search.enrich import one_query
from clip_search.enrich.one_query import compiled_models, judged_alone
from clip_search.enrich.rewrites import Rewrites
from clip_search.search.clips import read_clips
from clip_search.search.index import ClipIndex
from lab.warehouse import Warehouse

COMPILED = "compiled/clip_search/models/rewrite"
PLACEHOLDERS = ("[card]", "[email]", "[iban]", "[ip]", "[phone]", "[ssn]")
LOG = """search_id,search_query,ts,cuid,total
{searches}"""


def write_log(folder: Path, searches: list[tuple[str, str]]) -> Path:
    """A log of (user, query), one minute apart.

    Every search has results and a click, except for queries that end in '!', which is
    not part of the query.
    """
    folder.mkdir()
    rows, clicks = [], ["search_id,ts,cid,position"]
    for number, (user, query) in enumerate(searches):
        at = f"2020-03-01T{number // 60:02d}:{number % 60:02d}"
        found = not query.endswith("!")
        rows.append(f"s{number},{query.rstrip('!')},{at}:00Z,{user},{9 * found}")
        if found:
            clicks.append(f"s{number},{at}:07Z,c{len(query)},1")
    (folder / "search_request.csv").write_text(LOG.format(searches="\n".join(rows)))
    (folder / "search_result_interaction.csv").write_text("\n".join(clicks))
    return folder


def users(prefix: str, query: str, count: int) -> list[tuple[str, str]]:
    return [(f"{prefix}{number}", query) for number in range(count)]


@pytest.fixture(scope="module")
def small_warehouse(
    new_warehouse: NewWarehouse,
    tmp_path_factory: pytest.TempPathFactory,
) -> Warehouse:
    """A hand-written log with a review."""
    searches = [
        *users("a", "portrait of laurie", 6),
        *users("b", "portraitof laurie!", 1),
        *users("c", "animation", 8),
        *users("d", "anihmation!", 1),
        *users("e", "bokeh", 1),
        *users("f", "broken", 9),
        *users("g", "zelda marnov", 2),
        *users("h", "zeldamarnov!", 1),
        *users("i", "documentary", 9),
        *users("j", "documentry!", 1),
        *users("k", "docmentary!", 1),
        *users("l", "mail documentry@example.com!", 4),
        *users("m", "kkinetic!", 1),
        *users("n", "qqqq", 1),
        *users("o", "marnov zelda", 6),
    ]
    warehouse = new_warehouse("rewrites")
    folder = tmp_path_factory.mktemp("small") / "log"
    warehouse.load(write_log(folder, searches))
    # So few words are no vocabulary. The tests are about logs that have one.
    with closing(sqlite3.connect(warehouse.database)) as connection, connection:
        connection.execute("update support_need set needed_count = 1")
    warehouse.build()
    with closing(sqlite3.connect(warehouse.database)) as connection:
        connection.executemany(
            "insert into rewrite_review values (?, ?, ?, 'for the test')",
            [
                ("docmentary", "documentary", "reject"),
                ("qqqq", "animation", "approve"),
                ("marnov zelda", "zelda marnov", "approve"),
                ("anihmation", None, "reject"),
            ],
        )
        connection.commit()
    warehouse.dbt("run", "--select", "int_rewrite_decision+")
    return warehouse


def rewrites(warehouse: Warehouse) -> dict[str, tuple[object, ...]]:
    rows = warehouse.query(
        "select query_text, rewritten_text, tier, rule, is_publishable"
        " from query_rewrite"
    )
    return {str(query): rest for query, *rest in rows}


def test_the_form_that_users_click_on_wins(small_warehouse: Warehouse) -> None:
    rewritten = rewrites(small_warehouse)["portraitof laurie"]
    assert rewritten[:3] == ["portrait of laurie", "auto", "run_together"]


def test_a_misspelled_word_becomes_the_known_one(small_warehouse: Warehouse) -> None:
    assert rewrites(small_warehouse)["documentry"][:2] == ["documentary", "auto"]


def test_what_a_reviewer_decided_wins(small_warehouse: Warehouse) -> None:
    rewritten = rewrites(small_warehouse)
    assert rewritten["qqqq"][:3] == ["animation", "auto", "reviewed"]
    assert "docmentary" not in rewritten
    assert "anihmation" not in rewritten


def test_protected_terms_and_frequent_words_stay(small_warehouse: Warehouse) -> None:
    assert not {"bokeh", "broken", "animation"} & rewrites(small_warehouse).keys()


def test_an_unlisted_name_of_few_users_is_not_publishable(
    small_warehouse: Warehouse,
) -> None:
    assert rewrites(small_warehouse)["zeldamarnov"][0] == "zelda marnov"
    assert rewrites(small_warehouse)["zeldamarnov"][3] == 0
    assert rewrites(small_warehouse)["portraitof laurie"][3] == 1


def test_queries_with_personal_data_reach_no_mart(small_warehouse: Warehouse) -> None:
    for table in ("query_frequency", "query_term", "query_rewrite", "related_query"):
        text = repr(small_warehouse.query(f"select * from {table}"))
        assert "example.com" not in text
        assert not any(mark in text for mark in PLACEHOLDERS), table


def test_the_command_says_why(small_warehouse: Warehouse) -> None:
    shown = small_warehouse.run("clip-search", "enrich", "Portraitof  Laurie").stdout
    assert "portraitof laurie  ->  portrait of laurie" in shown
    assert "typed by 6 users" in shown


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("potraitof", "not rewritten: not in the log"),
        ("Dcumentary  film", "dcumentary film  ->  documentary film"),
        # The review changes the target of the log's own rewrite.
        ("marnovzelda", "marnovzelda  ->  zelda marnov"),
        ("marnovzelda", "via 'marnov zelda'"),
        ("", "not rewritten"),
        ("'; drop table query_rewrite; --", "not rewritten"),
        ("{{ 1 + 1 }} ?", "not rewritten"),
    ],
)
def test_a_query_that_nobody_typed_is_judged_when_it_is_asked(
    small_warehouse: Warehouse,
    query: str,
    said: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name, value in small_warehouse.variables.items():
        monkeypatch.setenv(name, value)
    shown = CliRunner().invoke(app, ["enrich", "--", query])
    assert said in shown.stdout, shown.output


def test_a_query_asked_alone_is_judged_like_all_others_together(
    sample_warehouse: Warehouse, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy = sample_warehouse.copy(tmp_path / "copy")
    weights = "{rewrite_weights: text_and_users}"
    copy.dbt("run", "--select", "rewrite_score+", "--vars", weights)
    columns = "query_text, rewritten_text, via_text, tier, rule, score"
    together = copy.query(f"select {columns} from query_rewrite")
    expected = {str(text): (text, *rest) for text, *rest in together}
    asked = {
        str(text) for (text,) in copy.query("select query_text from int_asked_query")
    }
    chance = random.Random(11)
    chosen = [
        *chance.sample(sorted(expected), 25),
        *chance.sample(sorted(asked - expected.keys()), 25),
    ]
    monkeypatch.setenv("DBT_TARGET_PATH", str(copy.target))
    models = compiled_models(copy.database)
    with reading(copy.database, "sqlite") as connection:
        for text in chosen:
            with judged_alone(connection, models, text) as judged:
                sql = f"select {columns} from ({judged})"
                found = connection.execute(sql).fetchall()
            assert found == ([expected[text]] if text in expected else [])


def test_after_a_run_nothing_is_compiled_for_the_first_new_query(
    sample_warehouse: Warehouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        pytest.fail("dbt was started")

    monkeypatch.setattr(one_query, "run_dbt", refuse)
    with sample_warehouse.selected():
        rewrites = Rewrites(sample_warehouse.database)
        asked = rewrites.asked("musicvideo nobody typed")
    assert asked is not None
    assert asked.rewritten_text == "music video nobody typed"


def queries_in_commands() -> list[tuple[str, str]]:
    """Each page or module with a query that it passes to a command."""
    places = [
        ROOT / "README.md",
        *sorted((ROOT / "docs").rglob("*.md")),
        *sorted((ROOT / "clip_search").rglob("*.py")),
    ]
    return [
        (str(place.relative_to(ROOT)), quoted or word)
        for place in places
        for quoted, word in re.findall(
            r"clip-search (?:enrich|search) (?:\"([^\"]+)\"|(?!says)([a-z]+))",
            place.read_text("utf-8"),
        )
    ]


def test_each_query_that_a_page_tells_to_try_is_rewritten_and_then_finds_clips(
    sample_warehouse: Warehouse,
) -> None:
    told = queries_in_commands()
    assert len({page for page, _ in told}) > 3
    with sample_warehouse.selected():
        rewrites = Rewrites(sample_warehouse.database)
        clips = ClipIndex(
            read_clips(
                sample_warehouse.database, ROOT / "seeds" / "sample" / "clip.csv"
            )
        )
        for page, query in told:
            rewrite = rewrites.of_query(query)
            assert rewrite is not None, (page, query)
            assert clips.search(query) == [], (page, query)
            assert clips.search(rewrite.rewritten_text), (page, query)


def test_search_shows_raw_and_enriched(small_warehouse: Warehouse) -> None:
    finished = small_warehouse.run("clip-search", "search", "portraitof laurie")
    assert finished.returncode == 0, finished.stderr
    first = next(line for line in finished.stdout.splitlines() if "│ 1 │" in line)
    assert first.split("│")[2].strip() == "nothing found"
    assert first.split("│")[3].strip() == "portrait of laurie  (c18)"


def test_no_rewrite_of_the_sample_is_rewritten_again(
    sample_warehouse: Warehouse,
) -> None:
    rows = sample_warehouse.query(
        "select query_text, rewritten_text from query_rewrite"
    )
    table = {str(query): str(text) for query, text in rows}
    assert len(table) == len(rows) > 100
    assert not table.keys() & set(table.values())


def within_one_typo(word: str, letters: str = string.ascii_lowercase) -> set[str]:
    """All texts of these letters one edit away, by Norvig's enumeration of edits."""
    parts = [(word[:place], word[place:]) for place in range(len(word) + 1)]
    return {
        *(left + right[1:] for left, right in parts if right),
        *(left + right[1] + right[0] + right[2:] for left, right in parts if right[1:]),
        *(
            left + letter + right[1:]
            for left, right in parts
            if right
            for letter in letters
        ),
        *(left + letter + right for left, right in parts for letter in letters),
    } - {word}


def test_spelling_candidates_are_exactly_those_at_distance_one(
    sample_warehouse: Warehouse, tmp_path: Path
) -> None:
    chance = random.Random(7)
    words = {
        "".join(chance.choices("abcde", k=chance.randint(4, 8))) for _ in range(3_000)
    }
    suspects = {word for word in words if chance.random() < 0.5}
    listed = {word for word in words if chance.random() < 0.5}
    copy = tmp_path / "copy.db"
    shutil.copy(sample_warehouse.database, copy)
    sql = (
        sample_warehouse.target / COMPILED / "int_spelling_candidate.sql"
    ).read_text()
    with closing(sqlite3.connect(copy)) as connection:
        connection.execute("delete from int_suspect_term")
        connection.execute("delete from int_vocabulary")
        connection.execute("attach ? as words", (str(tmp_path / "words.db"),))
        connection.execute(
            "create table words.int_listed_word_shortened"
            " (word text, position integer, shortened text)"
        )
        connection.executemany(
            "insert into int_suspect_term"
            " (term, word_count, compact_term, letter_count, boundary_position,"
            " user_count, frequency) values (?, 1, ?, ?, 0, 1, 0)",
            [(word, word, len(word)) for word in suspects],
        )
        connection.executemany(
            "insert into int_vocabulary (word, letter_count, frequency, user_count)"
            " values (?, ?, ?, 0)",
            [(word, len(word), 300 * (word in listed)) for word in words],
        )
        connection.executemany(
            "insert into int_listed_word_shortened (word, position, shortened)"
            " values (?, ?, ?)",
            [
                (word, place, word[: max(place - 1, 0)] + word[place:])
                for word in listed
                for place in range(len(word) + 1)
            ],
        )
        found = {
            (term, new_term)
            for term, new_term, *_ in connection.execute(sql).fetchall()
        }
    expected = {
        (word, other) for word in suspects for other in within_one_typo(word) & words
    }
    assert len(expected) > 3_000
    assert found == expected


def test_far_candidates_are_exactly_those_at_distance_two(
    sample_warehouse: Warehouse, tmp_path: Path
) -> None:
    """Each edit of each edit of a word, with the same first letter."""
    chance = random.Random(8)
    words = {
        "a" + "".join(chance.choices("abcd", k=chance.randint(6, 9)))
        for _ in range(3_000)
    }
    suspects = set(chance.sample(sorted(words), 250))
    listed = words - suspects
    copy = tmp_path / "copy.db"
    shutil.copy(sample_warehouse.database, copy)
    sql = (sample_warehouse.target / COMPILED / "int_far_candidate.sql").read_text()
    # All words that are near, before the one that is much more frequent is chosen.
    near = sql[: sql.index("ranked as (")].rstrip().removesuffix(",")
    with closing(sqlite3.connect(copy)) as connection:
        connection.execute("delete from int_suspect_term")
        connection.execute("delete from int_term_candidate")
        connection.execute("attach ? as words", (str(tmp_path / "words.db"),))
        connection.execute(
            "create table words.int_common_word_shortened (word text,"
            " first_position integer, second_position integer, shortened text)"
        )
        connection.executemany(
            "insert into int_suspect_term"
            " (term, word_count, compact_term, letter_count, boundary_position,"
            " user_count, frequency) values (?, 1, ?, ?, 0, 1, 0)",
            [(word, word, len(word)) for word in suspects],
        )
        connection.executemany(
            "insert into words.int_common_word_shortened values (?, ?, ?, ?)",
            [
                (word, *places, "".join(left))
                for word in listed
                for count in range(3)
                for removed in combinations(range(1, len(word)), count)
                for left in [[word[at] for at in range(len(word)) if at not in removed]]
                for places in [(*[0] * (2 - count), *(at + 1 for at in removed))]
            ],
        )
        found = set(connection.execute(f"{near} select term, new_term from near"))
    expected = {
        (word, other)
        for word in suspects
        for between in within_one_typo(word, "abcd")
        for other in within_one_typo(between, "abcd") & listed
        if other[0] == word[0]
    }
    assert len(expected) > 1_000
    assert found == expected


def test_each_weight_is_that_of_a_feature_that_the_score_reads() -> None:
    macro = (ROOT / "macros/enrichment/rewrite_features.sql").read_text("utf-8")
    weights = (ROOT / "seeds/enrichment/rewrite_weight.csv").read_text("utf-8")
    header = weights.splitlines()[0].split(",")
    assert header[:4] == ["weights", "rule", "evidence", "bias"]
    assert header[4:] == re.findall(r"'(\w+)'", macro)
