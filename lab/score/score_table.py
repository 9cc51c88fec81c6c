"""Shows the score as a table: on the terminal and in docs/cleaning-quality.md."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from rich.box import SIMPLE_HEAD
from rich.table import Table
from rich.text import Text

from lab.score.judged_rows import LOGS
from lab.score.rule_scores import Score
from lab.score.score_error import ScoreError
from lab.score.tally import Tally, shown_share

_SHORT_NAMES = dict(zip(LOGS, ("requests", "clicks"), strict=True))
COLUMNS = ("planted", "found", "missed", "wrong", "precision", "recall")


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the report.

    Attributes:
        group: The kind of what is scored.
        name: Its name.
        tally: Its counts.
    """

    group: str
    name: str
    tally: Tally


def lines(score: Score) -> Iterator[Line]:
    """All lines, group by group."""
    for log in LOGS:
        of_log = sorted(each for each in score.rejects.items() if each[0][0] == log)
        for (_, rule), tally in of_log:
            yield Line(f"rejected {_SHORT_NAMES[log]}", rule, tally)
    for log, tally in score.folds.items():
        yield Line("folded rows", _SHORT_NAMES[log], tally)
    for log, tally in score.values.items():
        yield Line("clean values", _SHORT_NAMES[log], tally)
    for kind, tally in score.redactions.items():
        yield Line("redactions", f"[{kind}]", tally)
    for kind, tally in sorted(score.kinds.items()):
        yield Line("query_kind", kind, tally)
    yield Line("disputed times", "settled by a click", score.settled)
    yield Line("disputed times", "undecided, marked", score.marked)
    yield Line("disputed totals", "undecided, marked", score.marked_totals)
    yield Line("automated searches", "by the rule", score.automated_rows)
    if score.automated_people is not None:
        yield Line("automated users", "in truth", score.automated_people)


def terminal_table(score: Score) -> Table:
    """The report as a table for the terminal."""
    table = Table(title=_title(score), box=SIMPLE_HEAD, padding=(0, 1, 0, 0))
    table.add_column("what", no_wrap=True)
    for column in COLUMNS:
        table.add_column(column, justify="right")
    group = ""
    for line in lines(score):
        if line.group != group:
            group = line.group
            table.add_row(group, style="bold")
        style = None if _is_perfect(line.tally) else "yellow"
        # As text, so that a name in square brackets is not taken for markup.
        table.add_row(Text(f"  {line.name}"), *_cells(line.tally), style=style)
    return table


def markdown_table(score: Score) -> str:
    """The report as Markdown, with intervals if there were errors or few rows."""
    header = ("what", "which", *COLUMNS, "precision, 95 %", "recall, 95 %")
    rows = [header, ("---", "---", *["--:"] * (len(header) - 2))]
    for line in lines(score):
        name = f"`{line.name}`" if line.group.startswith("rejected") else line.name
        tally = line.tally
        rows.append(
            (
                line.group,
                name,
                *_cells(tally),
                tally.precision_interval,
                tally.recall_interval,
            )
        )
    table = "\n".join(f"| {' | '.join(row)} |" for row in rows)
    return f"{_title(score)}.\n\n{table}\n"


def put_into(document: Path, section: str, text: str) -> None:
    """Puts generated text between the two markers of a section of a document.

    Args:
        document: Contains a line `<!-- score: SECTION -->` and, after it, a line `<!--
            end -->`.
        section: The section's name.
        text: The replacement for the current text.

    Raises:
        ScoreError: The document has no such section.
    """
    page = document.read_text("utf-8")
    marks = rf"(<!-- score: {re.escape(section)} -->\n).*?(<!-- end -->)"

    def put(match: re.Match[str]) -> str:
        return f"{match.group(1)}\n{text}\n{match.group(2)}"

    filled, count = re.subn(marks, put, page, count=1, flags=re.DOTALL)
    if not count:
        raise ScoreError(f"{document} has no section <!-- score: {section} -->")
    document.write_text(filled, "utf-8")


def _title(score: Score) -> str:
    rows = " and ".join(
        f"{score.rows.get(log, 0):,} {_SHORT_NAMES[log]}" for log in LOGS
    )
    return f"The cleaning of {rows}, scored"


def _is_perfect(tally: Tally) -> bool:
    return tally.missed == tally.wrong == 0


def _cells(tally: Tally) -> tuple[str, ...]:
    counts = (tally.planted, tally.found, tally.missed, tally.wrong)
    shares = (tally.precision, tally.recall)
    return (
        *(f"{count:,}" for count in counts),
        *("" if share is None else shown_share(share) for share in shares),
    )
