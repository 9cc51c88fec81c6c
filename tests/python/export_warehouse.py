"""A small warehouse for the tests of exports, filled by hand."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

# A small warehouse: `laurie` is publishable, `few` is not, `mail` has an address that a
# rule should have redacted, `blocked` is on the list, `maybe` is only offered, and
# `formula` is not for spreadsheets.
REWRITE_ROWS = (
    ("portraitof laurie", "portrait of laurie", "auto", 1),
    ("few users", "a few users", "auto", 0),
    ("mail", "jane@example.com", "auto", 1),
    ("secretproject film", "secret project film", "auto", 1),
    ("maybe", "may be", "suggest", 1),
    ("=formula", "a formula", "auto", 1),
)
# Two forms, and the users of the rarer one.
EQUIVALENT_ROWS = (
    ("timelapse", "time lapse", 6),
    ("few users", "fewusers", 2),
    ("jane@example.com", "jane @example.com", 9),
    ("secret project", "secretproject", 5),
    ("=formula", "= formula", 4),
)
# Query, users: three are enough.
QUERY_ROWS = (
    ("portraitof laurie", 3),
    ("few users", 2),
    ("jane@example.com", 9),
    ("secret project", 5),
    ("=formula", 4),
)
JUDGMENT_ROWS = (
    ("portrait of laurie", "c17", "firm", 3, 1, None),
    ("portrait of laurie", "c18", "single", None, 1, "one_click"),
    ("few users", "c19", "firm", 3, 0, "private_query"),
    ("portrait of laurie", "jane@example.com", "firm", 3, 1, None),
    ("secret project", "c20", "firm", 3, 1, None),
)
BOOST_ROWS = (
    ("portrait of laurie", "c17", 1.0397, 1),
    ("portrait of laurie", "c18", 2.1799, 1),
    ("portrait of laurie", "c19", 0.0, 1),
    ("few users", "c19", 1.0397, 0),
    ("portrait of laurie", "jane@example.com", 1.0397, 1),
    ("secret project", "c20", 1.0397, 1),
)
OTHER_TABLES = (
    "create table related_query (query_text text, related_text text, place integer,"
    " shared_clip_count integer, retried_user_count integer,"
    " related_user_count integer)",
    "insert into related_query values"
    " ('portraitof laurie', 'few users', 1, 1, 1, 2),"
    " ('portraitof laurie', 'secret film', 2, 1, 1, 3)",
    "create table log_ledger (log text, outcome text, reject_reason text,"
    " row_count integer)",
    "insert into log_ledger values ('search_request', 'raw', null, 10)",
    "create table log_day (log text, log_day text, outcome text, reject_reason text,"
    " row_count integer)",
    "create table log_support (feature text, evidence text, evidence_count integer,"
    " needed_count integer, summary text)",
    "create table reject_rule (rule text, log text, rule_order integer, severity text,"
    " meaning text, remedy text)",
    "insert into reject_rule values ('missing_query', 'both', 1, 'error', 'm', 'r')",
    "create table export_blocklist (term text, reason text)",
    "insert into export_blocklist values ('Secret  Project', 'not public yet'),"
    " ('secretproject', 'the same')",
)
PRIVATE_TEXTS = ("jane@", "few users", "secret project", "secretproject")


def fill(connection: Any) -> None:
    """Make the tables of the small warehouse."""
    connection.execute(
        "create table query_rewrite (query_text text, rewritten_text text, tier text,"
        " rule text, score double, is_publishable integer, search_count integer,"
        " user_count integer, zero_result_count integer, rewritten_user_count integer)"
    )
    for query, rewritten, tier, is_publishable in REWRITE_ROWS:
        connection.execute(
            "insert into query_rewrite"
            " values (?, ?, ?, 'split', 0.98766, ?, 5, 4, 1, 9)",
            (query, rewritten, tier, is_publishable),
        )
    connection.execute(
        "create table equivalent_query (query_text text, equivalent_text text,"
        " rule text, user_count integer, equivalent_user_count integer)"
    )
    for query, equivalent, users in EQUIVALENT_ROWS:
        connection.execute(
            "insert into equivalent_query values (?, ?, 'same_letters', ?, 9)",
            (query, equivalent, users),
        )
    connection.execute(
        "create table query_frequency (query_text text, search_count integer,"
        " user_count integer, clicked_search_count integer, zero_result_count integer,"
        " median_total integer, mean_first_click_position double, frequency_band text)"
    )
    connection.execute(
        "create table clean_search_request (search_id text, search_query text,"
        " query_text text, ts text, cuid text, total integer, is_automated integer)"
    )
    connection.execute(
        "create table int_session_search (search_id text, session_id text)"
    )
    connection.execute(
        "create table clean_search_result_interaction (search_id text, cid text,"
        " ts text, position integer, click_count integer)"
    )
    for number, (query, users) in enumerate(QUERY_ROWS):
        connection.execute(
            "insert into query_frequency values (?, 9, ?, 3, 1, null, 2.5, 'head')",
            (query, users),
        )
        search_id = f"s{number}"
        connection.execute(
            "insert into clean_search_request"
            " values (?, ?, ?, '2020-03-10T13:24:31.000Z', 'u1', 3, 0)",
            (search_id, query.title(), query),
        )
        connection.execute(
            "insert into int_session_search values (?, 's0')", (search_id,)
        )
        connection.execute(
            "insert into clean_search_result_interaction"
            " values (?, 'c1', '2020-03-10T13:24:38.000Z', 2, 1)",
            (search_id,),
        )
    # Nothing is learned from this one, so nobody counted its users.
    connection.execute(
        "insert into clean_search_request"
        " values ('s9', 'x', 'x', '2020-03-10T13:24:31.000Z', 'u1', 3, 1)"
    )
    connection.execute(
        "create table judgment (query_text text, cid text, click_count integer,"
        " user_count integer, search_count integer, evidence text, grade integer,"
        " is_publishable integer, refusal text, click_rate double,"
        " click_rate_low double, click_rate_high double)"
    )
    for query, cid, evidence, grade, is_publishable, refusal in JUDGMENT_ROWS:
        connection.execute(
            "insert into judgment values (?, ?, 9, 7, 20, ?, ?, ?, ?, 0.5, 0.4, 0.6)",
            (query, cid, evidence, grade, is_publishable, refusal),
        )
    connection.execute(
        "create table query_clip_boost (query_text text, cid text, boost double,"
        " click_count integer, user_count integer, evidence text,"
        " is_publishable integer)"
    )
    for query, cid, boost, is_publishable in BOOST_ROWS:
        connection.execute(
            "insert into query_clip_boost values (?, ?, ?, 9, 7, 'firm', ?)",
            (query, cid, boost, is_publishable),
        )
    for statement in OTHER_TABLES:
        connection.execute(statement)
    connection.commit()


def small_warehouse(folder: Path) -> Path:
    """The small warehouse, and a manifest of dbt that describes one of its tables."""
    folder.mkdir()
    nodes = {
        "model.query_rewrite": {
            "name": "query_rewrite",
            "description": "One row per query_text\nwith a rewrite.",
            "columns": {"tier": {"description": "`auto` or `suggest`."}},
        }
    }
    (folder / "manifest.json").write_text(json.dumps({"nodes": nodes}))
    database = folder / "clip_search.db"
    with closing(sqlite3.connect(database)) as connection:
        fill(connection)
    return database
