"""Reads the golden corpus. README.md in this folder describes its rows."""

import gzip
import json
from functools import cache
from pathlib import Path
from typing import NamedTuple

FOLDER = Path(__file__).resolve().parent


class Text(NamedTuple):
    """A text and the results of the text rules."""

    group: str
    text: str
    redacted: str
    normal_form_of_redacted: str
    kind_of_redacted: str
    normal_form_of_text: str


class Time(NamedTuple):
    """A logged time, its standard text or the rule that it breaks, and its offset."""

    group: str
    value: str
    reading: str
    utc_offset_minutes: int | None

    @property
    def is_read(self) -> bool:
        """Whether the reading is a time."""
        return self.reading < "a"


@cache
def texts() -> list[Text]:
    """All texts, in the order of the file."""
    with gzip.open(FOLDER / "texts.jsonl.gz", "rt", encoding="ascii") as lines:
        return [Text(*json.loads(line)) for line in lines]


@cache
def times() -> list[Time]:
    """All times, in the order of the file."""
    with gzip.open(FOLDER / "timestamps.jsonl.gz", "rt", encoding="ascii") as lines:
        return [Time(*json.loads(line)) for line in lines]
