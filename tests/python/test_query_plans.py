"""SQLite's plans of all models: no join reads a table once for each row of another.

SQLite chooses without knowing how many rows a table has, so a plan that is harmless for
the sample is the plan for a million rows too, where it takes hours.
"""

import re
import sqlite3
from collections import defaultdict
from collections.abc import Iterator
from contextlib import closing

from clip_search.engines.public_words import attach_public_words_to_read
from clip_search.text_rules.engine_functions import register_on_sqlite
from lab.warehouse import Warehouse

# What is read again for each row of something else, by model.
ONE_OR_TWO_ROWS = {
    "int_judged_search": {"early"},
    "judgment": {"border", "holdout"},
    "judgment_holdout": {"bias"},
    "judgment_to_ask": {"border"},
    "position_bias": {"site", "search_set"},
    "query_frequency": {"band"},
    "rewrite_feature": {"novelty"},
}
WRITTEN_BY_PEOPLE = {
    "equivalent_query": {"review"},
    "int_learned_support": {"need"},
    "int_rewrite_choice": {"protected_term"},
}
FEW_TIMES_FEW = {
    "int_letter_position": {f"bit_{bit}" for bit in range(2, 7)},
    "log_support": {"judgment"},
}


def read_again(connection: sqlite3.Connection, query: str) -> Iterator[str]:
    """What SQLite reads from end to end for each row of something else.

    Yields:
        Names of tables, CTEs and subqueries, or their aliases.
    """
    loops: dict[int, list[str]] = defaultdict(list)
    for _, parent, _, step in connection.execute(f"explain query plan {query}"):
        if re.match(r"SCAN|SEARCH", step):
            loops[parent].append(step)
    for _, *inner in loops.values():
        for step in inner:
            if scanned := re.match(r"SCAN (\S+)(?!.* VIRTUAL TABLE)", step):
                yield scanned[1]


def test_a_nested_loop_without_an_index_is_seen() -> None:
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.execute("create table search (id, day)")
        connection.execute("create table click (id, day)")
        by_index = "select * from search join click on search.id = click.id"
        by_nothing = "select * from search join click on search.day < click.day"
        assert list(read_again(connection, by_index)) == []
        assert list(read_again(connection, by_nothing)) == ["click"]


def test_no_model_reads_a_table_once_for_each_row_of_another(
    sample_warehouse: Warehouse,
) -> None:
    compiled = sample_warehouse.target / "compiled" / "clip_search" / "models"
    found: dict[str, set[str]] = {}
    with closing(sqlite3.connect(sample_warehouse.database)) as connection:
        register_on_sqlite(connection)
        attach_public_words_to_read(connection, sample_warehouse.database)
        for model in compiled.glob("*/*.sql"):
            again = set(read_again(connection, model.read_text("utf-8")))
            if again:
                found[model.stem] = again
    assert found == ONE_OR_TWO_ROWS | WRITTEN_BY_PEOPLE | FEW_TIMES_FEW
