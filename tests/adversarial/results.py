"""The scores of the rules on the sets, as a table for docs/cleaning-quality.md.

`python -m tests.adversarial.results` updates it.
"""

from collections.abc import Callable
from functools import cache

from clip_search.intervals import wilson
from clip_search.project import PROJECT_ROOT
from clip_search.text_rules import (
    classify_query,
    read_timestamp,
    redact_text,
    timestamp_reject_reason,
)
from lab.score.score_table import put_into
from lab.score.tally import shown_share
from tests.adversarial import addresses, cards, emails, phones, times, urls
from tests.adversarial.cases import Case, Judge, Result, judged

PAGE = PROJECT_ROOT / "docs" / "cleaning-quality.md"

_SETS: dict[str, tuple[str, Callable[[], list[Case]], Judge, str]] = {
    "e-mail": ("email", emails.cases, emails.judge, "tldextract"),
    "URL": ("url", urls.cases, urls.judge, "tldextract"),
    "IPv4": ("ip", addresses.v4_cases, addresses.judge_v4, "ipaddress"),
    "IPv6": ("ip", addresses.v6_cases, addresses.judge_v6, "ipaddress"),
    "telephone": ("phone", phones.cases, phones.judge, "phonenumbers"),
    "card": ("card", cards.cases, cards.judge, "patterns of networks, Luhn's sum"),
}
NAMES = (*_SETS, "timestamp")


@cache
def result(name: str) -> Result:
    """The scores of the rules on a set."""
    if name == "timestamp":
        return _of_times()
    kind, make, judge, judge_name = _SETS[name]
    cases = make()
    redacted = [redact_text(case.text) for case in cases]
    if kind == "url":
        taken = [classify_query(text) == "url" for text in redacted]
    else:
        taken = [
            f"[{kind}]" in text and not (case.secret and case.secret in text)
            for case, text in zip(cases, redacted, strict=True)
        ]
    return judged(name, judge_name, cases, taken, judge)


def _of_times() -> Result:
    """A time is right only if it gives the exact instant or the exact reject reason."""
    cases = times.cases()
    plain = [Case(case.text, case.is_positive, case.group) for case in cases]
    expected = {case.text: case.becomes for case in cases}
    # A near miss with another reason than the expected one also counts as a hit.
    taken = [(_read(case.text) == case.becomes) == case.is_positive for case in cases]

    def judge(text: str) -> bool:
        told = times.judge(text)
        return told is not None and (told == expected[text] or expected[text] > "a")

    return judged("timestamp", "dateutil", plain, taken, judge)


def _read(logged: str) -> str | None:
    """The standard text of a time, or the reject rule."""
    read = read_timestamp(logged, *times.WINDOW)
    return read or timestamp_reject_reason(logged, *times.WINDOW)


def table() -> str:
    """All sets, and where the judges differ from our definitions."""
    header = ("set", "to be taken", "near misses", "missed", "wrong", "precision, 95 %")
    rows = [(*header, "recall, 95 %", "judge"), ("---", *["--:"] * 6, "---")]
    differences = []
    for name in NAMES:
        each = result(name)
        tally = each.tally
        rows.append(
            (
                name,
                f"{tally.planted:,}",
                f"{each.negatives:,}",
                str(tally.missed),
                str(tally.wrong),
                _interval(tally.found, tally.found + tally.wrong),
                _interval(tally.found, tally.planted),
                each.judge,
            )
        )
        differences += [
            f"| {name} | {group} | {count:,} |"
            for group, count in sorted(each.differences.items())
        ]
    lines = [f"| {' | '.join(row)} |" for row in rows]
    return "\n".join(
        [
            *lines,
            "",
            "Where the judge says otherwise, of the same texts:",
            "",
            "| set | what | texts |",
            "| --- | --- | --: |",
            *differences,
            "",
        ]
    )


def _interval(successes: int, trials: int) -> str:
    low, _ = wilson(successes, trials)
    return f"{shown_share(successes / trials)} (at least {shown_share(low)})"


if __name__ == "__main__":
    put_into(PAGE, "adversarial", table())
