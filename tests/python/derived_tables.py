"""The tables of pages that `make renew` writes, and what they are written from."""

import csv
import re
from dataclasses import dataclass
from pathlib import Path

_HEADING = re.compile(r"  # == (docs/\S+\.md) ==")
_COMMENT = re.compile(r"  # (\S.*)")
_SETTING = re.compile(r"  (\w+): (\S+)")

Rows = list[list[str]]


class DerivedTableError(Exception):
    """A source cannot be read as a table; the message says what to change."""


@dataclass(frozen=True)
class DerivedTable:
    """A table on a page, between two marks.

    Attributes:
        page: The page, relative to the project.
        source: What it is written from, relative to the project.
        rows: Its cells, header first.
    """

    page: str
    source: str
    rows: Rows

    def written(self) -> str:
        """The marks, and the table between them."""
        header, *body = self.rows
        lines = [header, ["---"] * len(header), *body]
        for cell in (cell for line in lines for cell in line):
            if "|" in cell:
                raise DerivedTableError(f"{self.source}: a cell cannot have |: {cell}")
        table = "\n".join(f"| {' | '.join(line)} |" for line in lines)
        return f"{self._begin}\n\n{table.replace('| --- ', '|---')}\n\n{_END}\n"

    def found_in(self, text: str) -> str:
        """The same part of a page, as it is."""
        found = re.findall(
            rf"^{re.escape(self._begin)}\n.*?^{_END}\n", text, re.MULTILINE | re.DOTALL
        )
        if len(found) != 1:
            raise DerivedTableError(
                f"{self.page} has {len(found)} parts from {self._begin} to {_END}"
            )
        part: str = found[0]
        return part

    @property
    def _begin(self) -> str:
        return f"<!-- `make renew` writes this table from {self.source} -->"


_END = "<!-- end of the table -->"


def derived_tables(root: Path) -> list[DerivedTable]:
    """All of them.

    Args:
        root: The folder of the project.
    """
    rules = "seeds/reference/reject_rule.csv"
    groups = settings((root / "dbt_project.yml").read_text("utf-8"))
    return [
        *(DerivedTable(page, "dbt_project.yml", rows) for page, rows in groups.items()),
        DerivedTable("docs/cleaning-rules.md", rules, reject_rules(root / rules)),
    ]


def settings(project: str) -> dict[str, Rows]:
    """The vars of dbt_project.yml, by the page that a heading in it names.

    Args:
        project: The text of dbt_project.yml. Vars above the first heading are no
            settings.

    Raises:
        DerivedTableError: A line is neither a heading nor a comment nor a var, or a var
            has no comment directly above it.
    """
    groups: dict[str, Rows] = {}
    comment: list[str] = []
    page = None
    block = re.split(r"\n(?=\S)", project.partition("\nvars:\n")[2])[0]
    for line in block.splitlines():
        if heading := _HEADING.fullmatch(line):
            page, comment = heading[1], []
            groups[page] = [["var", "default", "what it does"]]
        elif page is None:
            continue
        elif said := _COMMENT.fullmatch(line):
            comment.append(said[1])
        elif setting := _SETTING.fullmatch(line):
            name, default = setting[1], setting[2].strip('"')
            if not comment:
                raise DerivedTableError(
                    f"dbt_project.yml: say in a comment above {name} what it does"
                )
            groups[page].append([f"`{name}`", default, " ".join(comment)])
            comment = []
        elif line or comment:
            raise DerivedTableError(f"dbt_project.yml: no var or comment: {line!r}")
    return groups


def reject_rules(seed: Path) -> Rows:
    """The reject rules in the order of judgement, each with a link to its section.

    Args:
        seed: The file with the rules.
    """
    logs = {
        "both": "both",
        "search_request": "requests",
        "search_result_interaction": "clicks",
        "search_result_shown": "shown results",
    }
    with seed.open(encoding="utf-8", newline="") as file:
        rules = sorted(csv.DictReader(file), key=lambda row: int(row["rule_order"]))
    return [
        ["rule", "log", "severity", "meaning"],
        *(
            [
                f"[{row['rule']}](errors.md#{row['rule']})",
                logs[row["log"]],
                row["severity"],
                row["meaning"],
            ]
            for row in rules
        ),
    ]
