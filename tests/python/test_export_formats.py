"""Each export is read back by its peer: what it says is what the table says.

10,000 hostile queries: each is returned unchanged, or refused and counted.
"""

import csv
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import ir_measures
import pytest
from hostile_queries import hostile_pairs
from jsonschema import Draft202012Validator
from peer_parsers import (
    algolia_rules,
    algolia_synonyms,
    elasticsearch_equivalents,
    elasticsearch_synonyms,
    function_scores,
    quepid_book,
    quepid_ratings,
    querqy_equivalents,
    querqy_rules,
    query_rules,
    rank_eval_ratings,
    solr_equivalents,
    solr_rules,
    typesense_overrides,
    typesense_synonyms,
    workbench_judgments,
)

from clip_search.export.formats import FORMATS
from clip_search.export.sources import EQUIVALENTS, REWRITES, Row
from clip_search.export.spreadsheet import is_formula
from clip_search.export.whole_export import why_refused

HOSTILE_COUNT = 10_000


def csv_pairs(text: str) -> Iterator[tuple[str, ...]]:
    """Python's csv module reads RFC 4180."""
    header, *records = csv.reader(text.splitlines(keepends=True))
    assert header[:2] == ["query_text", "rewritten_text"]
    for record in records:
        assert not any(cell[:1] in "=+-@" for cell in record if cell)
        yield record[0], record[1]


def jsonl_pairs(text: str) -> Iterator[tuple[str, ...]]:
    for line in text.splitlines():
        row = json.loads(line)
        yield row["query_text"], row["rewritten_text"]


PAIR_PARSERS: dict[str, Callable[[str], Iterator[tuple[str, ...]]]] = {
    "lookup-csv": csv_pairs,
    "lookup-jsonl": jsonl_pairs,
    "solr-synonyms": solr_rules,
    "elasticsearch-synonyms": elasticsearch_synonyms,
    "querqy": querqy_rules,
    "algolia": algolia_rules,
    "typesense": typesense_overrides,
}
EQUIVALENT_PARSERS: dict[str, Callable[[str], Iterator[tuple[str, ...]]]] = {
    "equivalents-jsonl": lambda text: (
        (row["query_text"], row["equivalent_text"])
        for row in map(json.loads, text.splitlines())
    ),
    "solr-equivalents": solr_equivalents,
    "elasticsearch-equivalents": elasticsearch_equivalents,
    "querqy-equivalents": querqy_equivalents,
    "algolia-synonyms": algolia_synonyms,
    "typesense-synonyms": typesense_synonyms,
}
RATING_PARSERS = {
    "quepid-csv": quepid_ratings,
    "quepid-book": quepid_book,
    "srw-judgments": workbench_judgments,
    "rank-eval": rank_eval_ratings,
}


def rewrite(query_text: str, rewritten_text: str) -> Row:
    return {
        "query_text": query_text,
        "rewritten_text": rewritten_text,
        "tier": "auto",
        "score": 0.98765,
        "rule": "run_together",
    }


def equivalent(query_text: str, equivalent_text: str) -> Row:
    return {
        "query_text": query_text,
        "equivalent_text": equivalent_text,
        "rule": "same_letters",
        "user_count": 6,
        "equivalent_user_count": 10,
    }


def judgment(query_text: str, cid: str, grade: int | None = 3) -> Row:
    return {
        "query_text": query_text,
        "cid": cid,
        "grade": grade,
        "evidence": "bracketed",
        "click_count": 9,
        "user_count": 7,
        "search_count": 20,
        "click_rate": 0.31,
        "click_rate_low": 0.22,
        "click_rate_high": None,
        "refusal": None,
    }


def written(
    name: str, rows: Iterable[Row], folder: Path
) -> tuple[str, list[Row], dict[str, int]]:
    """The text of an export of these rows, those in it, and the refusals."""
    form = FORMATS[name]()
    (source,) = form.sources
    kept, refused = [], {}
    for row in rows:
        why = why_refused(source, row, form)
        if why is None:
            kept.append(row)
        else:
            refused[why] = refused.get(why, 0) + 1
    file = folder / "export"
    form.write(file, {source.mart: iter(kept)})
    return file.read_bytes().decode("utf-8"), kept, refused


@pytest.mark.parametrize("name", PAIR_PARSERS)
def test_a_rewrite_reaches_the_peer_as_the_table_says(
    name: str, tmp_path: Path
) -> None:
    pairs = [
        ("portraitof laurie", "portrait of laurie"),
        ("ac, dc", "ac dc"),
        ("hash#tag", "hashtag"),
        ("#1 hits", "number 1 hits"),
        ("rock 'n'roll", "rock 'n' roll"),
        ("東京 タワ", "東京 タワー"),
    ]
    text, kept, refused = written(name, [rewrite(*pair) for pair in pairs], tmp_path)
    assert list(PAIR_PARSERS[name](text)) == pairs
    assert (len(kept), refused) == (len(pairs), {})


def test_each_format_of_rewrites_has_a_parser() -> None:
    names = {name for name, form in FORMATS.items() if form.sources == (REWRITES,)}
    assert set(PAIR_PARSERS) == names


@pytest.mark.parametrize("name", PAIR_PARSERS)
def test_10000_hostile_queries_break_no_file(name: str, tmp_path: Path) -> None:
    pairs = hostile_pairs(HOSTILE_COUNT)
    assert len({query for query, _ in pairs}) == HOSTILE_COUNT
    text, kept, refused = written(name, [rewrite(*pair) for pair in pairs], tmp_path)
    expected = [(row["query_text"], row["rewritten_text"]) for row in kept]
    assert list(PAIR_PARSERS[name](text)) == expected
    assert len(kept) + sum(refused.values()) == HOSTILE_COUNT
    # Refusing everything would be no proof.
    assert len(kept) > 500
    assert len(refused) >= 1


@pytest.mark.parametrize(
    ("name", "query_text"),
    [
        ("solr-synonyms", "--"),
        ("solr-synonyms", "a\nb => c"),
        ("elasticsearch-synonyms", "!?"),
        ("querqy", "title:jaws"),
        ("querqy", "jaw*"),
        ("querqy", '"jaws"'),
        ("querqy", "@jaws"),
        ("querqy", "jaws =>"),
        ("querqy", "<<jaws>>"),
        ("querqy", "jaws\\"),
        ("algolia", "{facet:jaws}"),
        ("algolia", "x" * 513),
        ("typesense", "{jaws}"),
        ("lookup-csv", "=1+1"),
        ("lookup-csv", "jaws;=1+1"),
        ("lookup-csv", "-2+3"),
        ("lookup-csv", "@sum(1)"),
        ("lookup-jsonl", "a\x00b"),
        ("lookup-jsonl", "\ud800"),
    ],
)
def test_what_a_format_cannot_hold_is_refused(
    name: str, query_text: str, tmp_path: Path
) -> None:
    _, kept, refused = written(name, [rewrite(query_text, "jaws")], tmp_path)
    assert (kept, len(refused)) == ([], 1)


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ("=1+1", True),
        ("+49 film", True),
        (" -x", True),
        ('"=1"', True),
        ("＝1+1", True),
        ("jaws;=1", True),
        ("jaws, -x", True),
        ("", False),
        ("1+1=2", False),
        ("new-york", False),
        ("a @ b", False),
    ],
)
def test_a_formula_is_what_a_spreadsheet_may_run(text: str, is_one: bool) -> None:
    assert is_formula(text) is is_one


def test_the_files_say_what_wrote_them_and_how_many_rules(tmp_path: Path) -> None:
    text, _, _ = written("solr-synonyms", [rewrite("a, b", "a b")], tmp_path)
    assert re.fullmatch(
        r"# clip-search [0-9.]+, query_rewrite: 1 rule\na\\, b => a b\n", text
    )
    text, _, _ = written("querqy", [rewrite("c#", "c sharp")], tmp_path)
    _, *lines = text.splitlines()
    assert lines == [
        '"c\\#" =>',
        "  SYNONYM: c sharp",
        '  @_id: "rw-' + re.findall(r"rw-(\w{16})", text)[0] + '"',
        '  @_log: "run_together 0.9877"',
        "",
    ]


def test_an_id_depends_on_the_query_only(tmp_path: Path) -> None:
    def ids(*rows: Row) -> list[str]:
        text, _, _ = written("algolia", rows, tmp_path)
        return [rule["objectID"] for rule in json.loads(text)]

    alone, with_other = (
        ids(rewrite("b", "x")),
        ids(rewrite("a", "y"), rewrite("b", "z")),
    )
    assert with_other[1:] == alone
    assert with_other[0] != alone[0]


def test_an_empty_export_is_a_valid_file(tmp_path: Path) -> None:
    for name, parsed in PAIR_PARSERS.items():
        assert list(parsed(written(name, [], tmp_path)[0])) == []


# Equivalents


@pytest.mark.parametrize("name", EQUIVALENT_PARSERS)
def test_an_equivalent_reaches_the_peer_as_a_two_way_rule(
    name: str, tmp_path: Path
) -> None:
    pairs = [("ac, dc", "acdc"), ("hash#tag", "hashtag"), ("timelapse", "time lapse")]
    text, kept, refused = written(name, [equivalent(*pair) for pair in pairs], tmp_path)
    assert list(EQUIVALENT_PARSERS[name](text)) == pairs
    assert (len(kept), refused) == (len(pairs), {})
    assert list(EQUIVALENT_PARSERS[name](written(name, [], tmp_path)[0])) == []


def test_each_format_of_equivalents_has_a_parser() -> None:
    names = {name for name, form in FORMATS.items() if form.sources == (EQUIVALENTS,)}
    assert set(EQUIVALENT_PARSERS) == names


@pytest.mark.parametrize("name", EQUIVALENT_PARSERS)
def test_10000_hostile_queries_break_no_file_of_equivalents(
    name: str, tmp_path: Path
) -> None:
    rows = [equivalent(*pair) for pair in hostile_pairs(HOSTILE_COUNT)]
    text, kept, refused = written(name, rows, tmp_path)
    expected = [(row["query_text"], row["equivalent_text"]) for row in kept]
    assert list(EQUIVALENT_PARSERS[name](text)) == expected
    assert len(kept) + sum(refused.values()) == HOSTILE_COUNT
    assert len(kept) > 500


# Boosts


def boost(query_text: str, cid: str, value: float) -> Row:
    return {"query_text": query_text, "cid": cid, "boost": value}


def test_a_boost_reaches_the_peer_as_the_table_says(tmp_path: Path) -> None:
    rows = [
        boost("lisbon, at night", "c18", 1.0397),
        boost("portrait of laurie", "c17", 2.1799),
        boost("portrait of laurie", "c18", 0.7324),
        boost("portrait of laurie", "c19", 0.0),
    ]
    text, _, refused = written("function-score", rows, tmp_path)
    assert list(function_scores(text)) == [
        ("lisbon, at night", "c18", 2.0397),
        ("portrait of laurie", "c17", 3.1799),
        ("portrait of laurie", "c18", 1.7324),
    ]
    assert refused == {"a boost of 0, which raises nothing": 1}


def test_10000_hostile_queries_break_no_file_of_boosts(tmp_path: Path) -> None:
    rows = [boost(*pair, 1.0) for pair in hostile_pairs(HOSTILE_COUNT)]
    text, kept, refused = written("function-score", rows, tmp_path)
    expected = [(row["query_text"], row["cid"], 2.0) for row in kept]
    assert list(function_scores(text)) == expected
    assert len(kept) + sum(refused.values()) == HOSTILE_COUNT
    assert len(kept) > 500


# Judgments


@pytest.mark.parametrize("name", RATING_PARSERS)
def test_a_judgment_reaches_the_peer_as_the_table_says(
    name: str, tmp_path: Path
) -> None:
    rows = [
        judgment("lisbon, at night", "c18", 1),
        judgment("portrait of laurie", "c17", 3),
        judgment("portrait of laurie", "c18", 2),
        judgment("unsure", "c1", None),
    ]
    text, _, refused = written(name, rows, tmp_path)
    assert list(RATING_PARSERS[name](text)) == [
        ("lisbon, at night", "c18", 1),
        ("portrait of laurie", "c17", 3),
        ("portrait of laurie", "c18", 2),
    ]
    assert refused == {"no grade: the evidence is too weak": 1}


@pytest.mark.parametrize("name", RATING_PARSERS)
def test_10000_hostile_queries_break_no_file_of_judgments(
    name: str, tmp_path: Path
) -> None:
    rows = [judgment(*pair, 2) for pair in hostile_pairs(HOSTILE_COUNT)]
    text, kept, refused = written(name, rows, tmp_path)
    expected = [(row["query_text"], row["cid"], 2) for row in kept]
    assert list(RATING_PARSERS[name](text)) == expected
    assert len(kept) + sum(refused.values()) == HOSTILE_COUNT
    assert len(kept) > 500


def test_ir_measures_reads_qrels_and_topics(tmp_path: Path) -> None:
    rows = [
        judgment("lisbon, at night", "c18", 1),
        judgment("portrait of laurie", "c17", 3),
        judgment("two words", "c 1", 3),
    ]
    topics, _, _ = written("trec-topics", rows, tmp_path)
    queries = dict(line.split("\t") for line in topics.splitlines())
    text, _, refused = written("trec-qrels", rows, tmp_path)
    (tmp_path / "qrels").write_text(text)
    found = {
        (queries[each.query_id], each.doc_id, each.relevance)
        for each in ir_measures.read_trec_qrels(str(tmp_path / "qrels"))
    }
    assert found == {("lisbon, at night", "c18", 1), ("portrait of laurie", "c17", 3)}
    assert refused == {"white space in an id": 1}


def test_10000_hostile_queries_break_no_qrels(tmp_path: Path) -> None:
    rows = [judgment(*pair, 2) for pair in hostile_pairs(HOSTILE_COUNT)]
    topics, kept, refused = written("trec-topics", rows, tmp_path)
    queries = dict(line.split("\t") for line in topics.removesuffix("\n").split("\n"))
    text, _, _ = written("trec-qrels", rows, tmp_path)
    (tmp_path / "qrels").write_text(text, "utf-8")
    found = [
        (queries[each.query_id], each.doc_id)
        for each in ir_measures.read_trec_qrels(str(tmp_path / "qrels"))
    ]
    assert found == [(row["query_text"], row["cid"]) for row in kept]
    assert len(kept) + sum(refused.values()) == HOSTILE_COUNT
    assert len(kept) > 500


def test_a_body_of_the_workbench_has_no_more_ratings_than_it_can_hold(
    tmp_path: Path,
) -> None:
    rows = [judgment("a", f"c{number}") for number in range(9_500)]
    rows += [judgment("b", f"c{number}") for number in range(8_700)]
    text, _, _ = written("srw-judgments", rows, tmp_path)
    sizes = [
        [len(each["ratings"]) for each in json.loads(line)["judgmentRatings"]]
        for line in text.splitlines()
    ]
    assert sizes == [[9_000], [500], [8_700]]
    assert len(list(workbench_judgments(text))) == 18_200


def test_a_query_set_has_at_most_1000_queries(tmp_path: Path) -> None:
    rows = [
        judgment(f"q{number}", cid) for number in range(1_003) for cid in ("c1", "c2")
    ]
    text, kept, refused = written("srw-query-set", rows, tmp_path)
    body = json.loads(text)
    queries = [each["queryText"] for each in body["querySetQueries"]]
    assert queries == [f"q{number}" for number in range(1_000)]
    assert len(kept) == 2_000
    assert refused == {"a query set has at most 1,000 queries": 6}


def pins_of_solr(text: str) -> Iterator[tuple[str, str]]:
    """Solr's QueryElevationComponent reads query and doc elements."""
    for query in ElementTree.fromstring(text).iter("query"):  # noqa: S314 - ours
        for document in query.iter("doc"):
            yield query.attrib["text"], document.attrib["id"]


PIN_PARSERS: Mapping[str, Callable[[str], Iterator[tuple[str, str]]]] = {
    "elevate-xml": pins_of_solr,
    "elasticsearch-query-rules": query_rules,
}


@pytest.mark.parametrize("name", PIN_PARSERS)
def test_only_the_best_judgments_become_pins(name: str, tmp_path: Path) -> None:
    weak = {**judgment("b", "c3"), "evidence": "repeated"}
    rows = [
        judgment('rock & "roll" <live>', "c1"),
        judgment('rock & "roll" <live>', "c2"),
        judgment("a", "c3", 2),
        weak,
    ]
    text, _, refused = written(name, rows, tmp_path)
    assert list(PIN_PARSERS[name](text)) == [
        ('rock & "roll" <live>', "c1"),
        ('rock & "roll" <live>', "c2"),
    ]
    assert refused == {"not the best grade with bracketed evidence, so no pin": 2}


def test_10000_hostile_queries_break_no_elevate_xml(tmp_path: Path) -> None:
    rows = [judgment(*pair) for pair in hostile_pairs(HOSTILE_COUNT)]
    text, kept, refused = written("elevate-xml", rows, tmp_path)
    found = list(pins_of_solr(text))
    assert found == [(row["query_text"], row["cid"]) for row in kept]
    assert len(kept) + sum(refused.values()) == HOSTILE_COUNT


def test_a_set_of_query_rules_has_at_most_100(tmp_path: Path) -> None:
    rows = [judgment(query, "c1") for query, _ in hostile_pairs(HOSTILE_COUNT)]
    text, kept, refused = written("elasticsearch-query-rules", rows, tmp_path)
    assert list(query_rules(text)) == [(row["query_text"], "c1") for row in kept]
    assert len(kept) == 100
    assert refused["a set has at most 100 rules"] > 1_000


# Logs

ANY_ID = {"type": "string", "maxLength": 100}
DATED = {"type": "string", "format": "date-time"}
UBI_COMMON = {
    "application": ANY_ID,
    "query_id": ANY_ID,
    "client_id": ANY_ID,
    "timestamp": DATED,
}
# Restates o19s/ubi, schema/1.3.0/query.request.schema.json.
UBI_QUERY = {
    "type": "object",
    "required": ["user_query"],
    "properties": {
        **UBI_COMMON,
        "user_query": {"type": "string"},
        "query_attributes": {"type": "object"},
        "object_id_field": ANY_ID,
        "query_response_hit_ids": {"type": "array", "items": {"type": "string"}},
    },
}
# Restates o19s/ubi, schema/1.3.0/event.schema.json, without its defect: there,
# action_name and object_id_type are `oneOf` a list of names and any string, so that the
# listed names match both and are refused. Here they are any string.
UBI_EVENT = {
    "type": "object",
    "required": ["action_name", "timestamp"],
    "properties": {
        **UBI_COMMON,
        "action_name": ANY_ID,
        "session_id": ANY_ID,
        "message": {"type": "string", "maxLength": 1024},
        "event_attributes": {
            "type": "object",
            "required": ["position"],
            "properties": {
                "object": {
                    "type": "object",
                    "required": ["object_id"],
                    "properties": {
                        "object_id": {
                            "anyOf": [
                                {"type": "string", "maxLength": 256},
                                {"type": "integer"},
                            ]
                        },
                        "object_id_type": ANY_ID,
                        "object_id_field": ANY_ID,
                    },
                },
                "position": {
                    "type": "object",
                    "oneOf": [
                        {
                            "properties": {"ordinal": {"type": "integer"}},
                            "required": ["ordinal"],
                        },
                        {"properties": {"xy": {"type": "object"}}, "required": ["xy"]},
                    ],
                },
            },
        },
    },
}


def search(query: str, search_id: str = "s6") -> Row:
    return {
        "search_id": search_id,
        "search_query": query,
        "query_text": query.lower(),
        "ts": "2020-03-10T13:24:31.000Z",
        "cuid": "b0",
        "total": None,
        "is_automated": 0,
        "session_id": None,
    }


def click(query: str, cid: str = "c17") -> Row:
    return {**search(query), "cid": cid, "position": 3, "click_count": 2}


def documents(text: str, index: str) -> list[Any]:
    """The documents of a bulk request (`RestBulkAction`): action, then source."""
    lines = text.removesuffix("\n").split("\n") if text else []
    actions, sources = lines[::2], lines[1::2]
    ids = [json.loads(action)["index"] for action in actions]
    assert {each["_index"] for each in ids} <= {index}
    assert len({each["_id"] for each in ids}) == len(ids) == len(sources)
    return [json.loads(source) for source in sources]


def test_a_search_becomes_a_query_of_ubi(tmp_path: Path) -> None:
    text, _, refused = written("ubi-queries", [search("Jaws"), search("")], tmp_path)
    assert documents(text, "ubi_queries") == [
        {
            "application": "clip-search",
            "query_id": "s6",
            "client_id": "b0",
            "user_query": "Jaws",
            "timestamp": "2020-03-10T13:24:31.000Z",
            "query_attributes": {"query_text": "jaws", "is_automated": 0},
        }
    ]
    assert refused == {"no query": 1}


def test_a_click_becomes_an_event_of_ubi(tmp_path: Path) -> None:
    rows = [{**click("Jaws"), "session_id": "s5"}, click("Jaws", "c" * 257)]
    text, _, refused = written("ubi-events", rows, tmp_path)
    assert documents(text, "ubi_events") == [
        {
            "action_name": "click",
            "application": "clip-search",
            "query_id": "s6",
            "client_id": "b0",
            "user_query": "Jaws",
            "timestamp": "2020-03-10T13:24:31.000Z",
            "session_id": "s5",
            "event_attributes": {
                "object": {
                    "object_id": "c17",
                    "object_id_field": "cid",
                    "object_id_type": "video",
                },
                "position": {"ordinal": 3},
                "click_count": 2,
            },
        }
    ]
    assert refused == {"an object_id of more than 256 characters": 1}


@pytest.mark.parametrize(
    ("name", "index", "schema"),
    [
        ("ubi-queries", "ubi_queries", UBI_QUERY),
        ("ubi-events", "ubi_events", UBI_EVENT),
    ],
)
def test_10000_hostile_queries_are_valid_documents_of_ubi(
    name: str, index: str, schema: dict[str, Any], tmp_path: Path
) -> None:
    rows = [
        {**click(query, cid), "search_id": f"s{number}"}
        for number, (query, cid) in enumerate(hostile_pairs(HOSTILE_COUNT))
    ]
    text, kept, refused = written(name, rows, tmp_path)
    found = documents(text, index)
    validator = Draft202012Validator(schema)
    assert [
        error.message for each in found for error in validator.iter_errors(each)
    ] == []
    assert [each["user_query"] for each in found] == [
        row["search_query"] for row in kept
    ]
    # `format` is only an annotation for the validator.
    assert all(datetime.fromisoformat(each["timestamp"]).tzinfo for each in found)
    assert len(kept) + sum(refused.values()) == HOSTILE_COUNT
    assert len(kept) > 500
