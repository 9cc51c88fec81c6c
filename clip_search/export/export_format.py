"""What a format is, and what several formats need."""

import hashlib
import json
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from importlib.metadata import version
from pathlib import Path
from typing import ClassVar

from clip_search.engines import Connection
from clip_search.export.export_error import ExportError
from clip_search.export.sources import Row, Source
from clip_search.wording import counted

# Letters since then are unknown to the tokenizers of engines that people still run.
_UNICODE = unicodedata.ucd_3_2_0


class ExportFormat:
    """One format. A new instance is made for each export.

    Attributes:
        name: What users type.
        about: What it is for, as part of a sentence.
        ending: The usual ending of the file's name.
        sources: The marts that it holds, usually one.
    """

    name: ClassVar[str]
    about: ClassVar[str]
    ending: ClassVar[str]
    sources: ClassVar[tuple[Source, ...]]

    def refusal(self, row: Row) -> str | None:
        """Why the format cannot hold a row, in a few words; None if it can.

        Asked once for each row that would be written, in the order of the query.
        """
        return None

    def write(self, file: Path, tables: Mapping[str, Iterator[Row]]) -> None:
        """Write the file, and any others that belong to it next to it.

        Args:
            file: The file, which does not exist, in a folder of its own.
            tables: The rows of each mart that can be written, to be read once.
        """
        raise NotImplementedError

    def check(self, connection: Connection, file: Path) -> list[str]:
        """Run the engine's own code over the logged queries; see `lucene_check`.

        Args:
            connection: The built warehouse.
            file: The file that `write` has written.

        Returns:
            The result for people.

        Raises:
            ExportError: The format has no check, or the engine refuses the file.
        """
        raise ExportError(
            f"there is no check of {self.name}",
            remedy="Leave out --check, or check solr-synonyms.",
        )


class LinesFormat(ExportFormat):
    """A format of a single mart, in UTF-8, with a line feed after each line."""

    def lines(self, rows: Iterator[Row]) -> Iterable[str]:
        """The lines of the file, without line feeds."""
        raise NotImplementedError

    def write(self, file: Path, tables: Mapping[str, Iterator[Row]]) -> None:
        """Write the lines."""
        (rows,) = tables.values()
        with file.open("w", encoding="utf-8", newline="") as out:
            out.writelines(f"{line}\n" for line in self.lines(rows))


def rules_heading(rule_count: int, mart: str = "query_rewrite") -> str:
    """What a comment at the top of a file of rules says."""
    rules = counted(rule_count, "rule")
    return f"clip-search {version('clip-search')}, {mart}: {rules}"


def stable_id(prefix: str, *parts: str) -> str:
    """An id that depends on the texts only, so that a diff shows what changed."""
    digest = hashlib.sha256("\0".join(parts).encode()).hexdigest()
    return f"{prefix}-{digest[:16]}"


def one_line(document: object) -> str:
    """A document as JSON in one line, with the characters that people typed."""
    return json.dumps(document, ensure_ascii=False, separators=(",", ":"))


def json_list_lines(begin: str, items: Iterator[str], end: str) -> Iterator[str]:
    """A JSON document with a list, each item on a line of its own.

    Args:
        begin: What precedes the list, with its bracket.
        items: The items as JSON.
        end: The bracket, and what follows.
    """
    yield begin
    last = next(items, None)
    for item in items:
        yield f"{last},"
        last = item
    if last is not None:
        yield last
    yield end


def has_word(text: str) -> bool:
    """Whether any tokenizer of an engine finds something to search for in a text.

    Conservative: a letter or a decimal digit that Unicode has had since 3.2.
    """
    return any(
        _UNICODE.category(character)[0] == "L" or _UNICODE.category(character) == "Nd"
        for character in text
    )


def rewrite_texts(row: Row) -> tuple[str, str]:
    """What a rewrite replaces, and what it becomes."""
    return row["query_text"], row["rewritten_text"]


def equivalent_texts(row: Row) -> tuple[str, str]:
    """The two forms of an equivalent: the rarer one first."""
    return row["query_text"], row["equivalent_text"]


def engine_refusal(texts: tuple[str, str]) -> str | None:
    """Why no engine would read two texts as the table says them; None if one may.

    Engines split texts at white space, trim them, and drop what is no word.
    """
    if any(text != " ".join(text.split()) for text in texts):
        return "white space that is not a single space between words"
    if not all(map(has_word, texts)):
        return "a side without letters and digits, which a tokenizer empties"
    return None


def rounded(score: float) -> float:
    """A score with four decimals: engines differ in the last bits."""
    return round(score, 4)


def why_of(row: Row) -> str:
    """The evidence of a rewrite in a few words: its rule and its score."""
    return f"{row['rule']} {row['score']:.4f}"
