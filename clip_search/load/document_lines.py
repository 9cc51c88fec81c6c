"""The records of one JSON document: an object, a list, or a page of an API."""

import json
from collections.abc import Iterator

from clip_search.load.content import Content
from clip_search.load.jsonl_records import decoded_value
from clip_search.load.limits import MAX_DOCUMENT, MEBIBYTE
from clip_search.load.load_error import LoadError
from clip_search.load.log_file import LogFile
from clip_search.load.source_lines import Line
from clip_search.mapping.field import reader


def document_lines(
    content: Content, file: LogFile, records: str | None
) -> Iterator[list[Line]]:
    """The records, numbered from 1.

    Args:
        content: The file's content.
        file: The file that it comes from.
        records: The dotted key of the list of records. A document without it is one.

    Raises:
        LoadError: The document is too long, or no JSON.
    """
    text = _text(content, file)
    if not text.strip():
        return
    document = decoded_value(text)
    if document is None:
        raise LoadError(
            "the content is no JSON document",
            remedy='Write the file again, or set format = "jsonl" for an object per'
            " line.",
            file=file.path,
        )
    found = reader(records)(document) if records else None
    listed = found if isinstance(found, list) else document
    elements = listed if isinstance(listed, list) else [listed]
    yield [
        Line(number, json.dumps(each), each if isinstance(each, dict) else None)
        for number, each in enumerate(elements, 1)
    ]


def _text(content: Content, file: LogFile) -> str:
    most = MAX_DOCUMENT.value() * MEBIBYTE
    read = bytearray()
    for chunk in content.chunks():
        read += chunk
        if len(read) > most:
            raise LoadError(
                f"the document has more than {MAX_DOCUMENT.value()} MiB",
                remedy='Write an object per line and set format = "jsonl", or '
                + MAX_DOCUMENT.raising(),
                file=file.path,
            )
    try:
        return read.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise LoadError(
            f"the text is not UTF-8 (byte 0x{read[error.start]:02x})",
            remedy="Convert it from its actual encoding.",
            file=file.path,
        ) from error
