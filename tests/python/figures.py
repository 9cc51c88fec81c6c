"""Reads docs/figures.md: the logs, the commands and their result tables.

Also finds each number on other pages that links to such a table.
"""

import re
from dataclasses import dataclass
from pathlib import Path

PAGE = "figures.md"
# [1,277](figures.md#rows "real, raw / search requests")
LINK = re.compile(
    r"\[(?P<text>[^\]]+)\]"
    r"\((?:docs/)?figures\.md#(?P<anchor>[\w-]+) \"(?P<name>[^\"]+)\"\)"
)
# [0.109](loop.md#what-was-measured): a number quoted from a section of another page.
QUOTE = re.compile(
    r"\[(?P<text>[+-]?\d(?:[\d.,:% ()+-]|to|of)*)\]"
    r"\((?P<page>[\w./-]+\.md)#(?P<anchor>[\w-]+)\)"
)
NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?(?: %)?")
_HEADED = re.compile(r"^### (.+)\n((?:(?!#).*\n)*)", re.MULTILINE)
_BLOCK = re.compile(r"^```(sh|sql)\n(.*?)^```\n", re.MULTILINE | re.DOTALL)
_RESULT = re.compile(
    r"^(?P<log>[\w-]+):\n\n(?P<result>(?:\|.*\n)+|```text\n(?:.*\n)*?```\n)",
    re.MULTILINE,
)
_TAKES_MINUTES = "takes minutes"
# Not part of a name, path, date or longer number.
_RARELY_EQUAL = re.compile(
    r"(?<![\w.,/:-])\d[\d,]*\s+of\s+\d[\d,]+(?![\w-])"
    r"|(?<![\w.,/:-])(?<!ISO )(?!(?:19|20)\d\d\b)\d[\d,]*(?:\.\d+)?(?![\w-])"
)
_DIGITS = 4
_GENERATED = re.compile(r"^<!-- .*?^<!-- end[^\n]*", re.MULTILINE | re.DOTALL)


def anchor_of(heading: str) -> str:
    """The anchor that a heading has on the site and on code hosts."""
    return re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-")


@dataclass(frozen=True)
class Log:
    """A log behind figures, and the shell commands that build it."""

    name: str
    commands: str
    is_long: bool


@dataclass(frozen=True)
class Figure:
    """A query or shell commands, and their result for one log.

    Attributes:
        title: The heading on the page.
        log: The name of the log.
        language: `sql`, or `sh` for commands.
        code: The query, or the commands.
        result: The result on the page: a Markdown table or a block of text.
        is_long: Whether it takes more than a minute, or its log does.
    """

    title: str
    log: str
    language: str
    code: str
    result: str
    is_long: bool

    @property
    def anchor(self) -> str:
        """The anchor of the heading."""
        return anchor_of(self.title)

    def values(self) -> dict[str, str]:
        """Each cell of the result, by `log, words of its row / column`.

        A share from 0 to 1, or an interval of one, has a second name, ending in
        `in %`.
        """
        named: dict[str, str] = {}
        header: list[str] = []
        for line in self.result.splitlines():
            if not re.search("[|│┃]", line):
                continue
            # Some tables have no edge.
            inside = line.strip("|│┃")
            cells = [cell.strip() for cell in re.split("[|│┃]", inside)]
            if not cells or all(set(cell) <= set("-:") for cell in cells):
                continue
            if "┃" in line or not header:
                header = cells
                continue
            row = _leading_words(cells)
            for column, cell in list(zip(header, cells, strict=True))[len(row) :]:
                name = f"{', '.join([self.log, *row])} / {column}"
                assert name not in named, f"{self.title} tells {name} twice"
                named[name] = cell
                if re.fullmatch(r"[01]\.\d+( to [01]\.\d+)?", cell):
                    ends = [f"{100 * float(end):.1f}" for end in cell.split(" to ")]
                    named[f"{name} in %"] = f"{' to '.join(ends)} %"
        return named


def _leading_words(cells: list[str]) -> list[str]:
    """The first cells of a row, up to the first one that is a number."""
    row: list[str] = []
    for cell in cells:
        if not re.match("[A-Za-z]", cell):
            break
        row.append(cell)
    return row


def read_logs(page: str) -> dict[str, Log]:
    """The logs that the page describes, by name."""
    described = page.split("\n## ")[1]
    return {
        name: Log(name, _BLOCK.findall(body)[0][1], _TAKES_MINUTES in body)
        for name, body in _HEADED.findall(described)
    }


def read_figures(page: str) -> list[Figure]:
    """The figures in the order of the page, one for each log."""
    logs = read_logs(page)
    figures = []
    for title, body in _HEADED.findall(page.split("\n## ", 2)[2]):
        [(language, code)] = _BLOCK.findall(body)
        figures += [
            Figure(
                title,
                found["log"],
                language,
                code,
                found["result"],
                _TAKES_MINUTES in body or logs[found["log"]].is_long,
            )
            for found in _RESULT.finditer(body)
        ]
    return figures


def markdown_table(header: list[str], rows: list[tuple[object, ...]]) -> str:
    """Rows of a query as the page shows them: with thousands separators."""
    shown = [
        [f"{cell:,}" if isinstance(cell, int) else str(cell) for cell in row]
        for row in rows
    ]
    lines = [header, ["---"] * len(header), *shown]
    return "".join(f"| {' | '.join(cells)} |\n" for cells in lines)


def text_block(printed: str) -> str:
    """The output of commands, as the page shows it."""
    lines = [line.rstrip() for line in printed.strip("\n").splitlines()]
    return "\n".join(["```text", *lines, "```", ""])


def numbers_told_twice(written: dict[str, str], made: dict[str, str]) -> list[str]:
    """Numbers that somebody wrote on one page, and that stand on another one too.

    One of the two should quote the other with a link, which a test compares. Only
    numbers that are unlikely to be equal by chance count: those of four digits, and
    parts of a whole (`569 of 48,550`). Numbers in code are chosen, not measured.

    Args:
        written: The text of each page that people write, by its name.
        made: The text of each page that a command writes.

    Returns:
        `number: page, page` for each such number.
    """
    where: dict[str, set[str]] = {}
    texts = {name: _GENERATED.sub(" ", text) for name, text in written.items()}
    tables = {f"{name} (generated)": text for name, text in made.items()} | {
        f"{name} (generated)": "\n".join(_GENERATED.findall(text))
        for name, text in written.items()
    }
    for name, text in (texts | tables).items():
        for passage in (
            r"^```.*?^```",
            LINK.pattern,
            QUOTE.pattern,
            r"`[^`]*`",
            r"\]\([^)]*\)",
        ):
            text = re.sub(passage, " ", text, flags=re.MULTILINE | re.DOTALL)
        for found in _RARELY_EQUAL.finditer(text):
            number = " ".join(found[0].split())
            if len(re.sub(r"\D", "", number).strip("0")) >= _DIGITS:
                where.setdefault(number, set()).add(name)
    return [
        f"{number}: {', '.join(sorted(names))}"
        for number, names in sorted(where.items())
        if len(names) > 1 and names & texts.keys()
    ]


def numbers_without_figure(page: Path) -> list[str]:
    """Numbers on a page that link neither to a figure nor to an external source.

    Numbers in code, and the level of an interval (`95 %:`), are chosen, not measured.
    Numbers that are part of a name (BM25, nDCG@10) are ignored.
    """
    text = page.read_text("utf-8")
    for passage in (
        r"^```.*?^```",
        r"!\[[^\]]*\]\([^)]*\)",
        LINK.pattern,
        QUOTE.pattern,
        r"\[[^\]]+\]\(https?://[^)]*\)",
        r"`[^`]+`",
        r"\(95 %: ",
        r"\]\([^)]*\)",
        r"<!--.*?-->",
        r"^\d+\. ",
    ):
        text = re.sub(passage, " ", text, flags=re.MULTILINE | re.DOTALL)
    return re.findall(r"(?<![\w@])\d[\d.,]*(?![\w])", text)
