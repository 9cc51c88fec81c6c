"""Runs Lucene's own synonym filter over all logged queries.

Rules of synonyms are not anchored, so a rule may also change a query of which the table
says nothing. `check_rules` names each such query; other tools only tell afterwards.
"""

import os
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from clip_search.engines import Connection
from clip_search.export.export_error import ExportError
from clip_search.export.privacy_gate import PrivacyGate
from clip_search.export.sources import Row, Source
from clip_search.export.spreadsheet import csv_line, is_formula

COLLATERAL_ENDING = ".collateral.csv"

_COLUMNS = ("query_text", "expected_tokens", "tokens", "rules", "search_count")
_PROGRAM = Path(__file__).with_name("Synonyms.java")
_JARS = ("lucene-core-*.jar", "lucene-analy*-common-*.jar")
_FOLDER = "CLIP_SEARCH_LUCENE"
_DEFAULT_FOLDER = "/usr/share/java"

_LOGGED = Source(
    mart="clean_search_request",
    sql="""
        select
            search.query_text,
            count(*) as search_count,
            max(frequency.user_count) as query_user_count
        from clean_search_request as search
        left join query_frequency as frequency
            on search.query_text = frequency.query_text
        where search.query_text <> ''
        group by search.query_text
        order by search.query_text
    """,
    texts=("query_text",),
    columns=(),
)


@dataclass(frozen=True)
class Fidelity:
    """What a file of synonyms does to the queries of a log.

    Attributes:
        rule_count: How many rules it has.
        kept_count: How many of them do what the table says.
        other_count: How many logged queries have no rule.
        collateral_count: How many of those are changed all the same.
        unlisted_count: How many changed queries are not listed: they are private, or a
            spreadsheet would run them.
    """

    rule_count: int
    kept_count: int
    other_count: int
    collateral_count: int
    unlisted_count: int

    def lines(self) -> list[str]:
        """The same for people."""
        return [
            f"{self.kept_count:>12,}  of {self.rule_count:,} rules do in Lucene what"
            " the table says",
            f"{self.collateral_count:>12,}  of {self.other_count:,} other queries are"
            f" changed by a rule; {self.unlisted_count:,} may not be listed",
        ]


@dataclass(frozen=True)
class Tokens:
    """The tokens of a text, separated by spaces.

    Attributes:
        plain: Without the synonym filter.
        rewritten: Behind it.
    """

    plain: str
    rewritten: str


def check_rules(
    connection: Connection, file: Path, rewrites: Sequence[Row]
) -> Fidelity:
    """Compare what Lucene makes of each logged query with what the table says.

    Writes FILE.collateral.csv: each query that becomes something else.

    Args:
        connection: The built warehouse.
        file: The file of synonyms.
        rewrites: The rows of `query_rewrite` in it.

    Raises:
        ExportError: Lucene or a Java compiler is missing, or Lucene refuses the file.
    """
    logged = {row["query_text"]: row for row in _LOGGED.rows(connection)}
    wanted = {row["query_text"]: row["rewritten_text"] for row in rewrites}
    texts = sorted({*logged, *wanted, *wanted.values()})
    found = dict(zip(texts, through_lucene(file, texts), strict=True))
    rules = {tuple(found[query].plain.split(" ")): query for query in wanted}
    changed = {
        query: found[wanted.get(query, query)].plain
        for query in sorted({*logged, *wanted})
        if found[query].rewritten != found[wanted.get(query, query)].plain
    }
    gate = PrivacyGate(connection)
    listed = [
        (query, expected, found[query].rewritten, "; ".join(firing))
        for query, expected in changed.items()
        # The text of a rule is in the file itself.
        if query in wanted or gate.reason(_LOGGED, logged[query]) is None
        for firing in (_firing(found[query].plain, rules),)
        if not any(map(is_formula, (query, *firing)))
    ]
    records = [(*row, _count(logged, row[0])) for row in listed]
    lines = [csv_line(_COLUMNS), *map(csv_line, records)]
    text = "".join(f"{line}\n" for line in lines)
    file.with_name(file.name + COLLATERAL_ENDING).write_text(text, "utf-8")
    return Fidelity(
        rule_count=len(wanted),
        kept_count=len(wanted) - sum(query in wanted for query in changed),
        other_count=len(logged.keys() - wanted.keys()),
        collateral_count=sum(query not in wanted for query in changed),
        unlisted_count=len(changed) - len(listed),
    )


def check_equivalents(
    connection: Connection, file: Path, equivalents: Sequence[Row]
) -> list[str]:
    """Count the forms that lead to both, and the other queries that grow.

    Args:
        connection: The built warehouse.
        file: The file of two-way synonyms.
        equivalents: The rows of `equivalent_query` in it.

    Returns:
        The result for people.

    Raises:
        ExportError: Lucene or a Java compiler is missing, or Lucene refuses the file.
    """
    logged = {row["query_text"] for row in _LOGGED.rows(connection)}
    pairs = [(row["query_text"], row["equivalent_text"]) for row in equivalents]
    forms = {text for pair in pairs for text in pair}
    texts = sorted(logged | forms)
    found = dict(zip(texts, through_lucene(file, texts), strict=True))
    kept = sum(
        {*found[one].plain.split(" "), *found[other].plain.split(" ")}
        <= {token.removeprefix("|") for token in found[typed].rewritten.split(" ")}
        for one, other in pairs
        for typed in (one, other)
    )
    grown = [
        text for text in logged - forms if found[text].rewritten != found[text].plain
    ]
    return [
        f"{kept:>12,}  of {2 * len(pairs):,} forms lead to both in Lucene",
        f"{len(grown):>12,}  of {len(logged - forms):,} other queries contain a form,"
        " and are searched for with both",
    ]


def _count(logged: dict[str, Row], query: str) -> int:
    return int(logged[query]["search_count"]) if query in logged else 0


def _firing(tokens: str, rules: dict[tuple[str, ...], str]) -> list[str]:
    """The rules whose tokens follow each other in those of a query."""
    words = tuple(tokens.split(" "))
    return [
        rules[words[start:end]]
        for start in range(len(words))
        for end in range(start + 1, len(words) + 1)
        if words[start:end] in rules
    ]


def through_lucene(file: Path, texts: Sequence[str]) -> Iterator[Tokens]:
    """The tokens of each text.

    Args:
        file: The file of synonyms.
        texts: The texts, none with a line end.

    Raises:
        ExportError: See `check_rules`.
    """
    with TemporaryDirectory(prefix="clip_search_lucene_") as scratch:
        queries = Path(scratch, "queries")
        queries.write_text("".join(f"{text}\n" for text in texts), "utf-8")
        finished = subprocess.run(  # noqa: S603 - a program of ours
            [
                java_command(),
                "-cp",
                class_path(),
                str(_PROGRAM),
                str(file),
                str(queries),
            ],
            capture_output=True,
            text=True,
            encoding="utf-8",
            check=False,
        )
    if finished.returncode != 0:
        said = [line for line in finished.stderr.splitlines() if line.strip()]
        raise ExportError(
            "Lucene does not take the rules, or its program cannot be compiled:\n"
            + "\n".join(said[:5]),
            remedy="Use a Java development kit from 17 on. If Lucene named a rule,"
            " report it: exports should refuse such rows.",
            place=file,
        )
    lines = finished.stdout.removesuffix("\n").split("\n")
    for plain, rewritten in zip(lines[::2], lines[1::2], strict=True):
        yield Tokens(plain, rewritten)


def java_command() -> str:
    """The Java that runs a source file.

    Raises:
        ExportError: There is none.
    """
    home = os.environ.get("JAVA_HOME")
    found = shutil.which("java", path=f"{home}/bin" if home else None)
    if found is None:
        raise ExportError(
            "the check needs Java, and there is no java command",
            remedy="Install one (Debian: apt-get install openjdk-17-jdk-headless),"
            " or set JAVA_HOME to its folder.",
        )
    return found


def class_path(jars: Sequence[str] = _JARS) -> str:
    """The libraries of Lucene.

    Args:
        jars: Patterns of their files' names.

    Raises:
        ExportError: One is missing.
    """
    folder = Path(os.environ.get(_FOLDER) or _DEFAULT_FOLDER)
    found = [max(folder.glob(pattern), default=None) for pattern in jars]
    if None in found:
        raise ExportError(
            "the check needs Lucene, which is not installed",
            remedy="Install it (Debian: apt-get install liblucene8-java), or set"
            f" {_FOLDER} to a folder with {' and '.join(jars)}.",
            place=folder,
        )
    return os.pathsep.join(map(str, found))
