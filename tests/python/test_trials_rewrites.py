"""A small log whose right queries were once rewritten (tests/trials)."""

import sqlite3
from contextlib import closing

from conftest import TRIALS, NewWarehouse


def test_queries_that_were_clicked_are_not_split(new_warehouse: NewWarehouse) -> None:
    warehouse = new_warehouse("right_words")
    warehouse.load(TRIALS / "14_right_words_split")
    # Most words of so small a log are brands, so the English lists would be silent.
    with closing(sqlite3.connect(warehouse.database)) as connection, connection:
        connection.execute("update support_need set needed_count = 1")
    warehouse.build()
    clicked = warehouse.query(
        "select count(*) from query_frequency where clicked_search_count > 0"
    )
    assert clicked == [(7,)]
    rewritten = "select query_text from query_rewrite where tier = 'auto'"
    assert warehouse.query(rewritten) == []
    # Proof that the rules see these words: they are still suggested.
    suggested = "select rewritten_text from query_rewrite where tier = 'suggest'"
    assert ("story blocks",) in warehouse.query(suggested)
