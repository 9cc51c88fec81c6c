"""Tries a query: what it finds as typed, and with its rewrite, and why."""

from collections.abc import Collection
from dataclasses import dataclass
from difflib import SequenceMatcher
from pathlib import Path

from clip_search.engines import Connection, reading
from clip_search.enrich.rewrite_reasons import reasons
from clip_search.enrich.rewrites import Rewrite, Rewrites
from clip_search.serve.clip_metadata import Catalogue, Shown
from clip_search.serve.decisions import VERDICTS
from clip_search.text_rules import normalize_query_text, redact_text
from clip_search.wording import counted

RESULTS = 10
LONGEST_QUERY = 200


@dataclass(frozen=True, slots=True)
class Result:
    """A clip in a list.

    Attributes:
        clip: What is shown of it.
        change: Against the other list: `new`, `gone`, `up 3`, or empty.
        judgment: What clicks say of it for this query, in words; empty if nothing.
    """

    clip: Shown
    change: str
    judgment: str


@dataclass(frozen=True, slots=True)
class Tried:
    """The outcome.

    Attributes:
        query_text: The query in its normal form.
        rewritten_text: The text of the second list; without a rewrite, the query.
        words: The words of both texts, each with `kept`, `removed` or `added`.
        state: What is done with the query today, in words.
        reasons: The evidence, as pairs of a label and a text.
        raw: What the query finds.
        enriched: What its rewrite finds.
        common_count: How many clips are in both lists.
        verdicts: What can be decided about the rewrite, if no decision waits.
    """

    query_text: str
    rewritten_text: str
    words: list[tuple[str, str]]
    state: str
    reasons: list[tuple[str, str]]
    raw: list[Result]
    enriched: list[Result]
    common_count: int
    verdicts: tuple[str, ...]


def try_query(
    warehouse: Path, catalogue: Catalogue, typed: str, decided: Collection[str]
) -> Tried:
    """Try a query.

    Args:
        warehouse: The built database file.
        catalogue: Its clips.
        typed: What somebody typed.
        decided: The queries that were decided on.

    Raises:
        RuntimeError: A query that is not in the log could not be scored.
    """
    query_text = normalize_query_text(redact_text(typed[:LONGEST_QUERY]))
    rewrite = Rewrites(warehouse).asked(query_text) if query_text else None
    hidden = rewrite is not None and not rewrite.is_publishable
    shown = None if hidden else rewrite
    rewritten = shown.rewritten_text if shown else query_text
    raw = catalogue.search(query_text, RESULTS)
    enriched = catalogue.search(rewritten, RESULTS)
    with reading(warehouse) as connection:
        of_raw = _judgments(connection, query_text)
        of_enriched = _judgments(connection, rewritten)
    raw_places = {clip.cid: place for place, clip in enumerate(raw)}
    new_places = {clip.cid: place for place, clip in enumerate(enriched)}
    return Tried(
        query_text,
        rewritten,
        _words(query_text, rewritten),
        _state(shown, hidden),
        reasons(shown) if shown else [],
        [
            Result(
                clip,
                "" if clip.cid in new_places else "gone",
                of_raw.get(clip.cid, ""),
            )
            for clip in raw
        ],
        [
            Result(
                clip,
                _change(raw_places.get(clip.cid), place),
                of_enriched.get(clip.cid, ""),
            )
            for place, clip in enumerate(enriched)
        ],
        len(raw_places.keys() & new_places.keys()),
        _verdicts(shown) if query_text not in decided else (),
    )


def _judgments(connection: Connection, query_text: str) -> dict[str, str]:
    """What clicks say of each clip that was clicked for a query."""
    rows = connection.execute(
        "select cid, grade, user_count, evidence from judgment"
        " where query_text = ? and is_publishable = 1",
        (query_text,),
    ).fetchall()
    return {
        cid: ("no grade" if grade is None else f"grade {grade}")
        + f": {counted(users, 'user')} clicked, {evidence}"
        for cid, grade, users, evidence in rows
    }


def _state(rewrite: Rewrite | None, is_hidden: bool) -> str:
    if is_hidden:
        return "There is a rewrite, but too few users typed it to show it."
    if rewrite is None:
        return "Not rewritten: no more likely query was found."
    if rewrite.tier == "auto":
        return "Rewritten: the search engine applies this."
    return "Only suggested: it waits for a decision, or is offered as “did you mean”."


def _verdicts(rewrite: Rewrite | None) -> tuple[str, ...]:
    # A query that is not in the log has no row in the table that reviewers decide on.
    if rewrite is None or not rewrite.search_count:
        return ()
    return VERDICTS if rewrite.tier == "suggest" else ("reject",)


def _change(before: int | None, now: int) -> str:
    if before is None:
        return "new"
    if before == now:
        return ""
    return f"up {before - now}" if before > now else f"down {now - before}"


def _words(before: str, after: str) -> list[tuple[str, str]]:
    """What a rewrite removes and adds, word by word."""
    old, new = before.split(), after.split()
    words: list[tuple[str, str]] = []
    for tag, old_from, old_to, new_from, new_to in SequenceMatcher(
        a=old, b=new, autojunk=False
    ).get_opcodes():
        if tag == "equal":
            words += [("kept", word) for word in old[old_from:old_to]]
        else:
            words += [("removed", word) for word in old[old_from:old_to]]
            words += [("added", word) for word in new[new_from:new_to]]
    return words
