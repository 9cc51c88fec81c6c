"""Judgments for Quepid: ratings of a case as CSV, and a book with our evidence."""

from collections.abc import Iterator

from clip_search.export.export_format import json_list_lines, one_line
from clip_search.export.judgments import JudgmentFormat
from clip_search.export.sources import Row
from clip_search.export.spreadsheet import FORMULA, has_formula
from clip_search.wording import counted

_MOST_QUERY_CHARACTERS = 2048
_MOST_ID_CHARACTERS = 500


class QuepidCsv(JudgmentFormat):
    """Ratings of a case.

    Quepid's page refuses a line with more than two commas, unless the line has exactly
    two quotation marks. So a query is quoted only if it has a comma.
    """

    name = "quepid-csv"
    about = "judgments as ratings of a case in Quepid"
    ending = ".csv"

    def text_refusal(self, row: Row) -> str | None:
        """What Quepid's page refuses, strips or splits."""
        query_text, cid = row["query_text"], row["cid"]
        if '"' in query_text or '"' in cid or "," in cid:
            return "a quotation mark, or a comma in an id"
        if query_text != query_text.strip() or cid != cid.strip():
            return "white space at an end"
        if has_formula(row, ("query_text", "cid")):
            return FORMULA
        return _too_long(row)

    def lines(self, rows: Iterator[Row]) -> Iterator[str]:
        """The header that Quepid asks for, then a row for each pair."""
        yield "query,docid,rating"
        for row in rows:
            query_text = row["query_text"]
            quoted = f'"{query_text}"' if "," in query_text else query_text
            yield f"{quoted},{row['cid']},{row['grade']}"


class QuepidBook(JudgmentFormat):
    """A book: people see the evidence of the log next to the pair that they judge."""

    name = "quepid-book"
    about = "judgments as a book in Quepid, with the evidence as explanation"
    ending = ".json"

    def text_refusal(self, row: Row) -> str | None:
        """A text that is too long."""
        return _too_long(row)

    def lines(self, rows: Iterator[Row]) -> Iterator[str]:
        """One object, with a pair on each line."""
        begin = one_line({"name": "clip-search", "scale": [0, 1, 2, 3]})
        return json_list_lines(
            f'{begin[:-1]},"query_doc_pairs":[',
            (one_line(_pair(row)) for row in rows),
            "]}",
        )


def _pair(row: Row) -> dict[str, object]:
    clicks, users = counted(row["click_count"], "click"), row["user_count"]
    return {
        "query_text": row["query_text"],
        "doc_id": row["cid"],
        "document_fields": {},
        "notes": f"{clicks} by {counted(users, 'user')}",
        "judgements": [{"rating": float(row["grade"]), "explanation": _evidence(row)}],
    }


def _evidence(row: Row) -> str:
    if row["click_rate"] is None:
        return str(row["evidence"])
    rates = [row[name] for name in ("click_rate", "click_rate_low", "click_rate_high")]
    rate, low, high = ("?" if each is None else f"{each:.2f}" for each in rates)
    return f"{row['evidence']}: click rate {rate} ({low} to {high})"


def _too_long(row: Row) -> str | None:
    if len(row["query_text"]) > _MOST_QUERY_CHARACTERS:
        return f"a query of more than {_MOST_QUERY_CHARACTERS:,} characters"
    if len(row["cid"]) > _MOST_ID_CHARACTERS:
        return f"an id of more than {_MOST_ID_CHARACTERS} characters"
    return None
