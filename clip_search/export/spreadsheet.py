"""CSV that no spreadsheet runs.

A spreadsheet takes a cell that begins with `=`, `+`, `-` or `@` for a formula, quoted
or not (OWASP, CSV injection). The usual remedy, a quote before it, changes the text,
and a program that looks up queries would not find them. So such a row is refused.
"""

import csv
import io
import re
from collections.abc import Iterable

from clip_search.export.sources import Row

FORMULA = "a spreadsheet would run it as a formula"

# A spreadsheet of another country splits cells at semicolons, one of another program at
# tabs; both ignore the quotes of ours then.
_FORMULA = re.compile(r"""(?:^|[;,|\t\n\r])[\s"']*[=+\-@＝＋－＠]""")


def is_formula(text: str) -> bool:
    """Whether a spreadsheet may take a text, or a part of it, for a formula."""
    return bool(_FORMULA.search(text))


def has_formula(row: Row, columns: Iterable[str]) -> bool:
    """Whether that holds for a text of a row; columns may be null."""
    return any(is_formula(row[name]) for name in columns if row[name] is not None)


def csv_line(values: Iterable[object]) -> str:
    """A record of CSV, quoted where needed, without its line end."""
    line = io.StringIO()
    csv.writer(line, lineterminator="").writerow(values)
    return line.getvalue()
