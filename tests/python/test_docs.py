"""The documentation matches the project."""

import csv
import json
import re
import tomllib
from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest
import yaml  # type: ignore[import-untyped]
from dateutil import parser
from derived_tables import (
    DerivedTable,
    DerivedTableError,
    derived_tables,
    settings,
)
from derived_tables import (
    reject_rules as rows_of_rules,
)
from figures import anchor_of

from clip_search.text_rules import classify_query, normalize_query_text, redact_text

ROOT = Path(__file__).resolve().parents[2]
CLEANING_SETTINGS = ROOT / "docs" / "cleaning-settings.md"
TEXT_RULES = ROOT / "docs" / "text-rules.md"
TIMES = ROOT / "docs" / "timestamps.md"
ERRORS = ROOT / "docs" / "errors.md"
ENRICHMENT_SETTINGS = ROOT / "docs" / "enrichment-settings.md"
JUDGMENTS = ROOT / "docs" / "judgments.md"
DOCUMENTS = [
    *sorted((ROOT / "docs").glob("*.md")),
    *sorted((ROOT / "docs" / "decisions").glob("*.md")),
    *(ROOT / name for name in ("CHANGELOG.md", "CONTRIBUTING.md", "README.md")),
    ROOT / "SECURITY.md",
]
PARTS_OF_A_RULE = ("Example", "Why", "What to do", "Does it heal?")
LOG_NAMES = {
    "both": "Both logs",
    "search_request": "Search requests",
    "search_result_interaction": "Clicks",
    "search_result_shown": "Shown results",
}

Table = list[list[str]]


def reject_rules() -> list[dict[str, str]]:
    path = ROOT / "seeds" / "reference" / "reject_rule.csv"
    with path.open(encoding="utf-8", newline="") as file:
        return sorted(csv.DictReader(file), key=lambda row: int(row["rule_order"]))


def error_sections() -> dict[str, str]:
    """The text below each heading of the third level, in the order of the page."""
    parts = re.split(r"^### (.+)$", ERRORS.read_text("utf-8"), flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def tables(path: Path) -> Iterator[Table]:
    """The tables of a page: rows of cells without their code marks, header first."""
    for block in re.findall(r"(?:^\|.*\|\n)+", path.read_text("utf-8"), re.MULTILINE):
        yield [
            [cell.strip().strip("`") for cell in line.strip("|").split("|")]
            for line in block.splitlines()
            if not re.fullmatch(r"[|-]+", line)
        ]


def table_headed(*header: str, page: Path) -> Table:
    """The rows of the one table on a page that has this header."""
    found = [rows[1:] for rows in tables(page) if tuple(rows[0]) == header]
    assert len(found) == 1, f"{len(found)} tables are headed {header}"
    return found[0]


MACRO = r"(?P<kind>macro|test)\s+(?P<name>\w+)\s*\((?P<arguments>[^)]*)\)"
VARIANT = re.compile("(default|sqlite|duckdb|spark)__|_")


def defined_macros() -> dict[str, list[str]]:
    """Names and arguments of every macro, test and materialization, from dbt."""
    macros: dict[str, list[str]] = {}
    paths = [*ROOT.glob("macros/**/*.sql"), *ROOT.glob("tests/dbt/generic/*.sql")]
    for path in paths:
        text = path.read_text("utf-8")
        for kind, name, arguments in re.findall(rf"\{{%-?\s*{MACRO}", text):
            prefix = "test_" if kind == "test" else ""
            without_defaults = re.sub(r"=[^,]*", "", arguments)
            macros[prefix + name] = re.findall(r"\w+", without_defaults)
        for name, adapter in re.findall(
            r"\{%-?\s*materialization\s+(\w+),\s*(?:adapter=')?(\w+)", text
        ):
            macros[f"materialization_{name}_{adapter}"] = []
    return macros


def called_macros() -> set[str]:
    """The macros that the author of a model or of a test meets."""
    folders = ("models", "tests/dbt", "analyses")
    paths = [path for name in folders for path in (ROOT / name).rglob("*.sql")]
    text = "\n".join(
        path.read_text("utf-8") for path in [*paths, ROOT / "dbt_project.yml"]
    )
    return {
        name
        for name in defined_macros()
        if name.startswith(("test_", "materialization_"))
        or re.search(rf"\b{name}\(", text)
    }


def test_each_reject_rule_has_its_section_in_the_order_of_judgement() -> None:
    assert list(error_sections()) == [row["rule"] for row in reject_rules()]


@pytest.mark.parametrize("row", reject_rules(), ids=lambda row: row["rule"])
def test_a_section_says_which_log_how_bad_and_what_to_do(row: dict[str, str]) -> None:
    section = error_sections()[row["rule"]]
    assert f"{LOG_NAMES[row['log']]}, severity {row['severity']}." in section
    for part in PARTS_OF_A_RULE:
        name, mark = (part, "") if part.endswith("?") else (part, ".")
        assert re.search(rf"^\*\*{re.escape(name + mark)}\*\* \S", section, re.M), part


@pytest.mark.parametrize(
    "table", derived_tables(ROOT), ids=lambda table: f"{table.page}-{table.source}"
)
def test_each_derived_table_says_what_its_source_says(
    table: DerivedTable, pytestconfig: pytest.Config
) -> None:
    page = ROOT / table.page
    text = page.read_text("utf-8")
    found = table.found_in(text)
    if pytestconfig.getoption("--renew-golden"):
        page.write_text(text.replace(found, table.written()), "utf-8")
    else:
        assert found == table.written()


def test_a_derived_table_is_written_between_its_marks() -> None:
    marks = (
        "<!-- `make renew` writes this table from a.yml -->",
        "<!-- end of the table -->",
    )
    table = DerivedTable("a.md", "a.yml", [["var", "default"], ["`a`", "1"]])
    assert table.written() == (
        f"{marks[0]}\n\n| var | default |\n|---|---|\n| `a` | 1 |\n\n{marks[1]}\n"
    )
    assert table.found_in(f"x\n{marks[0]}\nold\n{marks[1]}\ny\n") == (
        f"{marks[0]}\nold\n{marks[1]}\n"
    )
    with pytest.raises(DerivedTableError, match=r"a\.md has 0 parts"):
        table.found_in(f"x\n{marks[0]}\nold\n")
    with pytest.raises(DerivedTableError, match=r"a\.yml: a cell cannot have \|: a\|b"):
        DerivedTable("a.md", "a.yml", [["a|b"]]).written()


def test_a_setting_has_the_comment_directly_above_it() -> None:
    project = (
        "name: a\n# Numbers.\nvars:\n  # No setting.\n  columns: [a]\n"
        "  # == docs/a.md ==\n\n  # The first,\n  # in two lines.\n  first: 0.10\n"
        '  # The second.\n  second: "2005"\n\n'
        "  # == docs/b.md ==\n\n  # The third.\n  third: all\n\nmodels:\n  x: 1\n"
    )
    header = ["var", "default", "what it does"]
    assert settings(project) == {
        "docs/a.md": [
            header,
            ["`first`", "0.10", "The first, in two lines."],
            ["`second`", "2005", "The second."],
        ],
        "docs/b.md": [header, ["`third`", "all", "The third."]],
    }


@pytest.mark.parametrize(
    ("lines", "why"),
    [
        ("  # Of both.\n  first: 1\n  second: 2\n", "say in a comment above second"),
        ("  # Too far away.\n\n  first: 1\n", "no var or comment: ''"),
        ("  # A list.\n  first:\n    - 1\n", "no var or comment: '  first:'"),
    ],
)
def test_a_setting_that_is_not_explained_is_refused(lines: str, why: str) -> None:
    with pytest.raises(DerivedTableError, match=f"^dbt_project.yml: {why}"):
        settings(f"name: a\nvars:\n  # == docs/a.md ==\n{lines}")


def test_reject_rules_are_listed_in_the_order_of_judgement(tmp_path: Path) -> None:
    seed = tmp_path / "rules.csv"
    seed.write_text(
        "rule,log,rule_order,severity,meaning,remedy\n"
        'late,search_result_interaction,100,warn,"Late, or never.",Wait.\n'
        "empty,both,20,error,Empty.,Fill it.\n"
    )
    assert rows_of_rules(seed) == [
        ["rule", "log", "severity", "meaning"],
        ["[empty](errors.md#empty)", "both", "error", "Empty."],
        ["[late](errors.md#late)", "clicks", "warn", "Late, or never."],
    ]


def test_each_var_is_named_on_its_page_with_its_default() -> None:
    project = yaml.safe_load((ROOT / "dbt_project.yml").read_text("utf-8"))
    named = {
        name: default
        for page in (CLEANING_SETTINGS, ENRICHMENT_SETTINGS, JUDGMENTS)
        for name, default, _ in table_headed(
            "var", "default", "what it does", page=page
        )
    }
    # The columns of the logs are no setting: docs/loading.md says what they hold.
    settings = {
        name: value for name, value in project["vars"].items() if name != "log_columns"
    }
    assert named.keys() == settings.keys()
    for name, value in settings.items():
        shown = named[name] if isinstance(value, str) else float(named[name])
        assert shown == value, name


def test_each_example_of_redaction_holds() -> None:
    examples = table_headed(
        "logged query", "search_query", "query_kind", page=TEXT_RULES
    )
    assert examples == [
        [logged, redact_text(logged), classify_query(redact_text(logged))]
        for logged, _, _ in examples
    ]


def test_each_example_of_a_normal_form_holds() -> None:
    examples = table_headed(
        "search_query", "query_text", "what happened", page=TEXT_RULES
    )
    assert examples == [
        [query, normalize_query_text(query), remark] for query, _, remark in examples
    ]


@pytest.mark.parametrize(
    ("logged", "standard", "offset_minutes"),
    table_headed("logged", "becomes", "utc_offset_minutes", page=TIMES),
)
def test_each_example_of_an_accepted_time_names_the_same_moment(
    logged: str, standard: str, offset_minutes: str
) -> None:
    moment, offset = moment_and_offset(logged)
    assert standard == moment.strftime("%Y-%m-%dT%H:%M:%S.%f")[:23] + "Z"
    assert offset_minutes == offset


def moment_and_offset(logged: str) -> tuple[datetime, str]:
    """Parse a time and its offset in minutes with dateutil's parser."""
    if logged.startswith("{"):
        logged = str(json.loads(logged)["$date"])
    if re.fullmatch(r"[0-9.]+(E[0-9]+)?", logged):
        number = Decimal(logged)
        while number >= 10**10:
            number /= 1000
        moment = datetime.fromtimestamp(int(number), UTC)
        return moment.replace(microsecond=int(number % 1 * 10**6)), ""
    # It knows neither places nor the colon after the year of a web server's log.
    known = re.sub(r"\[.*\]| CET", "", logged)
    known = re.sub(r"(?<=/[0-9]{4}):", " ", known)
    moment = parser.parse(known)
    offset = moment.utcoffset()
    assert offset is not None
    return moment.astimezone(UTC), str(int(offset.total_seconds()) // 60)


def test_each_macro_that_models_call_is_described_with_its_arguments() -> None:
    documented = yaml.safe_load((ROOT / "macros" / "_macros.yml").read_text("utf-8"))
    described = {
        macro["name"]: [argument["name"] for argument in macro.get("arguments", [])]
        for macro in documented["macros"]
        if macro["description"].strip()
    }
    called = called_macros()
    assert described == {
        name: arguments
        for name, arguments in defined_macros().items()
        if name in called and not VARIANT.match(name)
    }


def test_each_other_macro_has_a_comment() -> None:
    without, called = [], called_macros()
    for path in ROOT.glob("macros/**/*.sql"):
        text = path.read_text("utf-8")
        for found in re.finditer(rf"(?P<before>\S*)\s*\{{%-?\s*{MACRO}", text):
            name = found["name"]
            is_described = name in called or VARIANT.match(name)
            if not is_described and not found["before"].endswith("#}"):
                without.append(name)
    assert without == []


def test_a_macro_of_more_than_sixty_lines_says_why() -> None:
    silent = []
    for folder in ("macros", "tests/dbt", "dbt/include"):
        for path in (ROOT / folder).rglob("*.sql"):
            text = path.read_text("utf-8")
            for found in re.finditer(
                r"\{%-? *(macro|test|materialization) (\w+).*?\{%-? *end\1", text, re.S
            ):
                reason = "Over 60 lines, because" in text[: found.start()]
                if found[0].count("\n") >= 60 and not reason:
                    silent.append(found[2])
    assert silent == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_each_link_leads_somewhere(document: Path) -> None:
    text = document.read_text("utf-8")
    for link in re.findall(r"\]\(([^)\s]+)(?: \"[^\"]*\")?\)", text):
        if link.startswith(("https://", "http://")):
            continue
        path, _, anchor = link.partition("#")
        target = document.parent / path if path else document
        assert target.exists(), link
        assert not anchor or anchor in anchors(target), link


def test_the_proposal_comes_to_its_decision_in_at_most_900_words() -> None:
    text = (ROOT / "docs" / "proposal.md").read_text("utf-8")
    before, questions, _ = text.partition("\n## What data would you need")
    assert questions and "\n## The decision\n" in before
    # Where a link leads is not read.
    read = re.sub(r"\]\([^)]*\)", "]", before)
    assert len(re.findall(r"\w[\w.,%'-]*", read)) <= 900


def anchors(document: Path) -> set[str]:
    """The anchors of a page's headings."""
    headings = re.findall(r"^#+ (.+)$", document.read_text("utf-8"), re.MULTILINE)
    return {anchor_of(heading) for heading in headings}


def releases() -> list[tuple[str, str]]:
    """Versions and dates in the changelog, newest first."""
    text = (ROOT / "CHANGELOG.md").read_text("utf-8")
    return re.findall(r"^## (\d+\.\d+\.\d+) - (\d{4}-\d\d-\d\d)$", text, re.MULTILINE)


def test_the_newest_release_is_the_version_of_package_and_dbt_project() -> None:
    package = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    project = yaml.safe_load((ROOT / "dbt_project.yml").read_text("utf-8"))
    lock = tomllib.loads((ROOT / "uv.lock").read_text("utf-8"))
    (locked,) = (each for each in lock["package"] if each["name"] == "clip-search")
    assert releases()[0][0] == package["project"]["version"]
    assert releases()[0][0] == project["version"]
    assert releases()[0][0] == locked["version"]


def test_the_changelog_lists_releases_from_the_newest_and_what_kind_of_change() -> None:
    text = (ROOT / "CHANGELOG.md").read_text("utf-8")
    headings = re.findall(r"^## (.+)$", text, re.MULTILINE)
    assert headings == ["Unreleased", *(f"{name} - {day}" for name, day in releases())]
    ordered = sorted(
        releases(), key=lambda each: tuple(map(int, each[0].split("."))), reverse=True
    )
    assert releases() == ordered
    assert set(re.findall(r"^### (.+)$", text, re.MULTILINE)) <= {
        *("Added", "Changed", "Deprecated", "Removed", "Fixed", "Security")
    }


@pytest.mark.parametrize("page", ["README.md", "docs/security.md"])
def test_each_claim_names_a_test_that_exists(page: str) -> None:
    rows = table_headed("claim", "test", page=ROOT / page)
    for claim, cell in rows:
        named = re.findall(r"(test_\w+\.py)::(\w+)", cell)
        assert named, claim
        for file, test in named:
            text = (ROOT / "tests" / "python" / file).read_text("utf-8")
            assert f"\ndef {test}(" in text, test
