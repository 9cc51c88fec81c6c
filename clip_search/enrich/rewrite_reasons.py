"""Explains in plain words the evidence for a rewrite."""

from clip_search.enrich.rewrites import Rewrite
from clip_search.wording import counted

_RULES = {
    "run_together": "the space between two words is missing",
    "run_together_name": "the space between a first name and another name is missing",
    "space_moved": "the space is in the wrong place",
    "joined_words": "the spaces between three words or more are missing",
    "split": "one word is split in two",
    "misspelled": "one word is one edit away from a known word",
    "misspelled_twice": "one word is two edits away from a common word",
    "same_letters": "another query differs only in its spaces",
    "one_letter": "a more popular query is one edit away",
    "reviewed": "a reviewer approved it (seeds/enrichment/rewrite_review.csv)",
}
_NEW = "not in the log"
_TIERS = {
    "auto": "confident enough to apply automatically",
    "suggest": "shown as 'did you mean'",
}


def explanation(query_text: str, rewrite: Rewrite | None, user_count: int) -> list[str]:
    """The rewrite and the reasons for it, or why there is none, as lines of text.

    Args:
        query_text: The query in its normal form.
        rewrite: Its rewrite.
        user_count: How many users typed the query.
    """
    if rewrite is not None:
        return _of_rewrite(rewrite)
    typed = f"typed by {counted(user_count, 'user')}" if user_count else _NEW
    return [query_text, f"  not rewritten: {typed}; no more likely query was found"]


def reasons(rewrite: Rewrite) -> list[tuple[str, str]]:
    """The evidence for a rewrite, as pairs of a label and a text.

    Args:
        rewrite: It.
    """
    pairs = [
        ("why", rule_in_words(rewrite.rule)),
        ("score", f"{rewrite.score:.4f}, {_TIERS[rewrite.tier]}"),
        ("typed", _typed(rewrite)),
        ("meant", _meant(rewrite)),
    ]
    if rewrite.retried_user_count:
        users = counted(rewrite.retried_user_count, "user")
        pairs.append(("retried", f"{users} typed one, then the other"))
    if rewrite.shared_clip_count:
        clips = counted(rewrite.shared_clip_count, "clip")
        pairs.append(("shared", f"{clips} clicked after both"))
    if rewrite.supporting_search_ids is not None:
        pairs.append(("searches", rewrite.supporting_search_ids))
    return pairs


def rule_in_words(rule: str) -> str:
    """What the rule of a rewrite means."""
    return _RULES[rule]


def _typed(rewrite: Rewrite) -> str:
    if not rewrite.search_count:
        return f"{_NEW}; scored as a new query"
    zero = rewrite.zero_result_count
    unanswered = "results unknown" if zero is None else f"{zero} without results"
    return (
        f"{counted(rewrite.search_count, 'search', 'searches')}"
        f" by {counted(rewrite.user_count, 'user')}, {unanswered}"
    )


def _meant(rewrite: Rewrite) -> str:
    return (
        f"typed by {counted(rewrite.rewritten_user_count, 'user')}, clicked after"
        f" {rewrite.rewritten_clicked_search_count} of their searches"
    )


def _of_rewrite(rewrite: Rewrite) -> list[str]:
    lines = [f"{rewrite.query_text}  ->  {rewrite.rewritten_text}"]
    if rewrite.via_text is not None:
        lines.append(f"  via {rewrite.via_text!r}")
    lines += [
        f"  tier     {rewrite.tier}, {_TIERS[rewrite.tier]}; score {rewrite.score:.4f}",
        f"  rule     {rewrite.rule}: {_RULES[rewrite.rule]}",
        f"  typed    {_typed(rewrite)}",
        f"  meant    {_meant(rewrite)}",
        f"  users who typed one, then the other: {rewrite.retried_user_count}",
        f"  clips clicked after both: {rewrite.shared_clip_count}",
        "  publishable: "
        + ("yes" if rewrite.is_publishable else "no, too few users typed it"),
    ]
    if rewrite.supporting_search_ids is not None:
        lines.append(f"  searches {rewrite.supporting_search_ids}")
    return lines
