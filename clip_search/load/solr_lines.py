"""The requests in Solr's own log, as records with their parameters."""

import re
from collections.abc import Iterator
from urllib.parse import parse_qsl

from clip_search.load.content import TextBlock
from clip_search.load.jsonl_records import Json
from clip_search.load.source_lines import Line, filled_lines

# 2020-03-10 13:24:31.123 INFO  (qtp1-22) [c:clips s:shard1] o.a.s.c.S.Request
#   [clips] webapp=/solr path=/select params={q=jaws&rows=10} hits=12 status=0 QTime=3
_REQUEST = re.compile(
    r"(?P<ts>[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9:]{8}(?:[.,][0-9]{1,9})?Z?) .*?"
    r"\bpath=(?P<path>[^ ]+) params=\{(?P<params>.*)\}(?P<rest>[^{}]*)$"
)
_NUMBER = re.compile(r"\b(hits|status|QTime|rid)=([^ ]+)")
_MOST_PARAMETERS = 1000


def solr_lines(blocks: Iterator[TextBlock]) -> Iterator[list[Line]]:
    """The lines of each block; those that are no request are records without keys.

    A request has the keys `ts`, `path`, `params.NAME`, `hits`, `status` and `QTime`.
    """
    for block in blocks:
        yield [
            Line(number, text, _record(text.rstrip("\r\n")))
            for number, text in filled_lines(block)
        ]


def _record(text: str) -> dict[str, Json] | None:
    found = _REQUEST.match(text)
    if found is None:
        return {}
    try:
        pairs = parse_qsl(
            found["params"], keep_blank_values=True, max_num_fields=_MOST_PARAMETERS
        )
    except ValueError:
        return None
    params: dict[str, Json] = {}
    for name, value in pairs:
        params.setdefault(name, value)
    numbers: dict[str, Json] = dict(_NUMBER.findall(found["rest"]))
    return {**numbers, "ts": found["ts"], "path": found["path"], "params": params}
