"""Says in plain words what a rewrite rests on."""

from clip_search.enrich.rewrites import Rewrite, Rewrites
from clip_search.wording import counted

_RULES = {
    "run_together": "two words stand without a space",
    "run_together_name": "a first name and another name stand without a space",
    "space_moved": "the space stands at another place",
    "split": "one word is split in two",
    "misspelled": "one word is one letter away from a known one",
    "same_letters": "another query has the same letters, spaces apart",
    "one_letter": "a more popular query is one letter away",
    "reviewed": "a reviewer approved it (seeds/enrichment/rewrite_review.csv)",
}
_NEW = "nobody typed this in the log"
_TIERS = {
    "auto": "sure enough to be applied by itself",
    "suggest": "to be offered as 'did you mean'",
}


def explanation(query_text: str, rewrites: Rewrites) -> list[str]:
    """Lines for a person: the rewrite and why, or why there is none.

    Args:
        query_text: The query in its normal form.
        rewrites: What the warehouse proposes.
    """
    rewrite = rewrites.asked(query_text)
    if rewrite is not None:
        return _of_rewrite(rewrite)
    users = rewrites.users_of(query_text)
    typed = f"typed by {counted(users, 'user')}" if users else _NEW
    return [query_text, f"  stays as it is: {typed}, and nothing likelier was found"]


def _of_rewrite(rewrite: Rewrite) -> list[str]:
    lines = [f"{rewrite.query_text}  ->  {rewrite.rewritten_text}"]
    if rewrite.via_text is not None:
        lines.append(f"  by way of {rewrite.via_text!r}")
    zero = rewrite.zero_result_count
    if rewrite.search_count:
        typed = (
            f"{counted(rewrite.search_count, 'search', 'searches')}"
            f" by {counted(rewrite.user_count, 'user')}, {zero} of them found nothing"
        )
    else:
        typed = f"{_NEW}; judged as if it came now"
    lines += [
        f"  tier     {rewrite.tier}, {_TIERS[rewrite.tier]}; score {rewrite.score:.4f}",
        f"  rule     {rewrite.rule}: {_RULES[rewrite.rule]}",
        f"  typed    {typed}",
        f"  meant    typed by {counted(rewrite.rewritten_user_count, 'user')},"
        f" clicked after {rewrite.rewritten_clicked_search_count} of their searches",
        f"  users who typed the one and then the other: {rewrite.retried_user_count}",
        f"  clips clicked after both: {rewrite.shared_clip_count}",
        "  leaves the warehouse: "
        + ("yes" if rewrite.is_publishable else "no, too few users typed it"),
    ]
    if rewrite.supporting_search_ids is not None:
        lines.append(f"  searches {rewrite.supporting_search_ids}")
    return lines
