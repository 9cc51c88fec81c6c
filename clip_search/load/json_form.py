"""Recognises JSON that is not one object per line, and text that is not JSON."""

import json

from clip_search.load.column_names import missing_columns
from clip_search.load.compression import rename, rewritten
from clip_search.load.csv_header import DELIMITERS
from clip_search.load.load_error import LoadError
from clip_search.load.log_file import LogFile

_DECODER = json.JSONDecoder()
_EACH_ELEMENT = "jq -c '.[]'"
_EACH_OBJECT = "jq -c ."
_WITHOUT_COMMAS = "sed 's/,[[:space:]]*$//'"


def refuse_other_forms(text: str, file: LogFile) -> None:
    """Check that a file of JSON lines does not start like something else.

    A first line that is merely broken is no reason to refuse the others.

    Args:
        text: The start of the file, in whole lines.
        file: Which one it is.

    Raises:
        LoadError: The file is a JSON array, an object that extends over several lines,
            several objects in a line, or CSV.
    """
    start = text.lstrip()
    line = text[: len(text) - len(start)].count("\n") + 1
    first_line = start.partition("\n")[0]
    if found := _other_form(start, first_line):
        problem, command = found
        raise LoadError(
            f"{problem}, not JSON lines: one object per line",
            remedy=f"Convert it: {rewritten(file, command)}",
            file=file.path,
            line=line,
        )
    if _is_csv_header(first_line, file):
        raise LoadError(
            "the content is CSV, but its name says JSON lines",
            remedy=f"Rename it: {rename(file.path, '.csv' + file.compression)}",
            file=file.path,
            line=line,
        )


def _other_form(start: str, first_line: str) -> tuple[str, str] | None:
    """What else the text is, and the command that writes JSON lines."""
    rest_of_array = start[1:].lstrip() if start.startswith("[") else ""
    if rest_of_array.startswith(("{", "]")):
        return "this is a JSON array", _EACH_ELEMENT
    if not start.startswith("{"):
        return None
    try:
        _, end = _DECODER.raw_decode(start)
    except (ValueError, RecursionError):
        return None
    if end > len(first_line):
        return "this is pretty-printed JSON, with objects over several lines", (
            _EACH_OBJECT
        )
    rest = first_line[end:].strip()
    if rest == ",":
        return "this is JSON with a comma after each object", _WITHOUT_COMMAS
    if rest.startswith("{"):
        return "this is JSON with several objects in a line", _EACH_OBJECT
    return None


def _is_csv_header(line: str, file: LogFile) -> bool:
    return any(
        not missing_columns([name.strip('"') for name in line.split(each)], file.log)
        for each in DELIMITERS
    )
