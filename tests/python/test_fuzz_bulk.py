"""A hundred thousand rows of hostile text in each column, with personal data in it."""

import csv
import random
import statistics
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import NewWarehouse

from clip_search.text_rules import normalize_query_text, redact_text
from lab.warehouse import Warehouse
from tests.python.test_fuzz import HEADERS, HOSTILE
from tests.python.test_personal_data import LOGS, RAW, files_that_tell
from tests.python.test_text_rules_cost import HOSTILE as EXPENSIVE
from tests.python.test_text_rules_cost import repeated, work_of

pytestmark = pytest.mark.long

ROWS = 100_000
ROWS_PER_PLANTED = 4
VALID = {
    "search_id": "s{}",
    "search_query": "kites",
    "ts": "2020-03-10T13:24:31Z",
    "cuid": "u{}",
    "total": "9",
    "cid": "c{}",
    "position": "1",
}
PIECES = (
    *(text for text in HOSTILE if len(text) < 100),
    *(
        "kites",
        "a,b",
        "a\nb",
        "\t",
        "\u00ad",
        "\ufeff",
        "😀",
        "é",
        "%25",
        "&amp;",
        "\\",
    ),
)
# The name of each address is unique, so that any remains of it are found.
SPELLINGS = (
    *("{}@example.com", "{}@Mail.Example.co.uk", "{}%40example.com", "{}&#64;x.com"),
    *("{}\\u0040example.org", "{}@@example.com", "{}＠example.com", "mailto:{}@x.co"),
)


def planted(turn: int) -> str:
    """An address whose name is of this row alone."""
    return SPELLINGS[turn // ROWS_PER_PLANTED % len(SPELLINGS)].format(
        f"zqmail{turn}zq"
    )


def hostile_texts(seed: int) -> Iterator[str]:
    """Texts of hostile pieces; some have an address between them."""
    draw = random.Random(seed)
    for turn in range(ROWS):
        pieces = draw.choices(PIECES, k=draw.randint(1, 4))
        if turn % ROWS_PER_PLANTED == 0:
            pieces.insert(draw.randint(0, len(pieces)), f" {planted(turn)} ")
        yield "".join(pieces)


def write_hostile_column(folder: Path, log: str, column: str, seed: int) -> None:
    """A log in which one column is hostile and the others are valid."""
    columns = HEADERS[log].split(",")
    path = folder / f"{log}_{column}.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file)
        out.writerow(columns)
        for turn, text in enumerate(hostile_texts(seed)):
            row = {each: VALID[each].format(f"{seed}-{turn}") for each in columns}
            out.writerow((row | {column: text}).values())


@pytest.fixture(scope="module")
def fuzzed(
    new_warehouse: NewWarehouse, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Warehouse, int]:
    """A build of one hostile log for each column, and the number of files."""
    folder = tmp_path_factory.mktemp("bulk")
    fuzzed_columns = [(log, each) for log in LOGS for each in HEADERS[log].split(",")]
    for seed, (log, column) in enumerate(fuzzed_columns):
        write_hostile_column(folder, log, column, seed)
    warehouse = new_warehouse("bulk")
    warehouse.load(folder)
    warehouse.build()
    return warehouse, len(fuzzed_columns)


def test_each_of_a_hundred_thousand_rows_per_column_has_one_outcome(
    fuzzed: tuple[Warehouse, int],
) -> None:
    warehouse, files = fuzzed
    ((ledger,),) = warehouse.query(
        "select sum(row_count) from log_ledger where outcome = 'raw'"
    )
    ((judged,),) = warehouse.query(
        "select sum(row_count) from log_ledger where outcome <> 'raw'"
    )
    # A line feed inside quotes is no end of a row.
    assert ledger == judged == ROWS * files


def test_no_address_of_a_hostile_row_leaves_the_raw_tables(
    fuzzed: tuple[Warehouse, int],
) -> None:
    warehouse, _ = fuzzed
    with_address = "{} like '%zqmail%zq%'"
    names = {*warehouse.tables("table"), *warehouse.tables("view")} - RAW
    for name in sorted(names):
        for column in warehouse.query(f"pragma table_info({name})"):
            condition = with_address.format(f'lower("{column[1]}")')
            found = f'select "{column[1]}" from "{name}" where {condition} limit 3'
            assert warehouse.query(found) == [], (name, column[1])
    raw = f"select count(*) from landed_search_request where {with_address}"
    assert warehouse.query(raw.format("search_query")) == [(ROWS // ROWS_PER_PLANTED,)]


def test_no_file_of_the_build_holds_an_address(fuzzed: tuple[Warehouse, int]) -> None:
    warehouse, _ = fuzzed
    assert files_that_tell([warehouse.target], ["zqmail"]) == {}


def test_the_most_expensive_text_costs_at_most_twenty_times_the_median() -> None:
    """Of a hundred thousand texts of one length: cost in proportion to it is fair."""
    draw = random.Random(5)
    length = 200
    hostile = [repeated(each, length)[:length] for each in EXPENSIVE]

    def text() -> str:
        pieces: list[str] = []
        while sum(map(len, pieces)) < length:
            piece = draw.choice(draw.choice((PIECES, hostile)))
            pieces.append(piece[: draw.randint(1, length)])
        return "".join(pieces)[:length]

    work = []
    for _ in range(ROWS):
        each = text()
        work.append(work_of(redact_text, each) + work_of(normalize_query_text, each))
    assert max(work) <= 20 * statistics.median(work)
