"""The search page, in a real browser and by requests of other programs."""

import csv
import html
import json
import random
import re
import shutil
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from typing import Literal
from urllib.parse import quote, urlencode

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page
from starlette.testclient import TestClient

from clip_search.engines import reading
from clip_search.export.formats import FORMATS
from clip_search.export.whole_export import Wanted, export
from clip_search.serve.app import new_app
from clip_search.serve.decisions import Decision, DecisionError, Decisions
from clip_search.serve.guard import Gatekeeper
from clip_search.serve.health import WIDTH, health
from clip_search.serve.search_page import Page as SearchPage
from lab.warehouse import Warehouse
from tests.python.conftest import ROOT

PHONE, DESKTOP = 360, 1600
LISTS = ("review-queue", "dead-ends", "no-clicks", "head-queries", "judged-clips")
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
HOSTILE = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    '"><svg onload=alert(1)>',
    "{{ 7 * 7 }}{% raw %}",
    "' or 1=1 --",
    "$(rm -rf x)",
    "=HYPERLINK(1)",
    "../../etc/passwd",
    "clip* AND (a OR",
)


@dataclass(frozen=True)
class Served:
    """A page that is being served."""

    port: int
    process: int
    seed: Path

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def ask(
        self, method: str, path: str, body: str | None = None, **headers: str
    ) -> tuple[HTTPResponse, str]:
        """A request with these headers; underscores in names are hyphens."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=180)
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request(method, path, body, (FORM if body else {}) | named)
        answer = connection.getresponse()
        text = answer.read().decode("utf-8")
        connection.close()
        return answer, text

    def token(self) -> str:
        found = re.search(r'name="token" value="([^"]+)"', self.ask("GET", "/")[1])
        assert found
        return found[1]

    def lines(self) -> list[str]:
        return self.seed.read_text("utf-8").splitlines()


@pytest.fixture(scope="module")
def running(
    sample_warehouse: Warehouse, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Served]:
    seed = tmp_path_factory.mktemp("seed") / "rewrite_review.csv"
    command = Path(sys.executable).parent / "clip-search"
    clips = ROOT / "seeds" / "sample" / "clip.csv"
    with subprocess.Popen(
        [command, "serve", "--port", "0", "--clips", clips, "--decisions", new(seed)],
        cwd=ROOT,
        env=sample_warehouse.environment | {"PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        said = process.stdout.readline()
        found = re.search(r"http://127\.0\.0\.1:(\d+)/", said)
        assert found, said
        yield Served(int(found[1]), process.pid, seed)
        process.terminate()


@pytest.fixture
def served(running: Served) -> Served:
    """The page, without decisions."""
    new(running.seed)
    return running


def new(seed: Path) -> Path:
    shutil.copy(ROOT / "seeds" / "enrichment" / "rewrite_review.csv", seed)
    return seed


def opened(
    browser: Browser,
    scripts: bool = True,
    width: int = DESKTOP,
    scheme: Literal["light", "dark"] = "light",
) -> Page:
    """A new page, which must not log an error or open a dialog."""
    context = browser.new_context(
        viewport={"width": width, "height": 900},
        java_script_enabled=scripts,
        color_scheme=scheme,
    )
    # A query that nobody has typed takes seconds, and many more on a busy machine.
    context.set_default_timeout(180_000)
    page = context.new_page()
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("console", lambda said: problems.append(said.text))
    page.on("dialog", lambda dialog: (problems.append("dialog"), dialog.dismiss()))
    page.problems = problems  # type: ignore[attr-defined]
    return page


def closed(page: Page) -> list[str]:
    page.context.close()
    problems: list[str] = page.problems  # type: ignore[attr-defined]
    return problems


@pytest.mark.parametrize("scripts", [True, False])
def test_someone_finds_what_is_wrong_and_decides(
    browser: Browser, served: Served, scripts: bool
) -> None:
    page = opened(browser, scripts)
    page.goto(served.address)
    page.fill("#q", "musicvideo")
    page.click("form.search button")
    # A colleague gets the same.
    assert page.url == f"{served.address}/?q=musicvideo"
    assert page.inner_text(".nothing") == "Nothing found."
    assert page.inner_text(".words del") == "musicvideo"
    assert page.locator(".words ins").all_inner_texts() == ["music", "video"]
    assert "the space between two words is missing" in page.inner_text(".reasons")
    names = page.locator("[data-side=enriched] .name").all_inner_texts()
    assert len(names) == 10
    assert all("music video" in name.lower() for name in names)
    assert set(page.locator("[data-side=enriched] .tag").all_inner_texts()) == {"new"}

    header = served.lines()
    first = page.locator(".queue > li").first
    query = str(first.get_attribute("data-query"))
    if scripts:
        page.keyboard.press("Escape")
        page.locator("h1").first.click()
        page.keyboard.press("j")
        with page.expect_navigation():
            page.keyboard.press("a")
    else:
        first.locator("input[name=reason]").fill("a, 'typo'")
        first.locator("button[value=approve]").click()
    assert len(served.lines()) == len(header) + 1
    with served.seed.open(encoding="utf-8", newline="") as file:
        (decision,) = csv.DictReader(file)
    assert decision["query_text"] == query
    assert decision["decision"] == "approve"
    assert decision["reason"] == ("" if scripts else "a, 'typo'")
    assert page.inner_text(".diff code") == f"+{served.lines()[-1]}"
    assert "take effect with the next build" in page.inner_text(".waiting")
    assert page.url == f"{served.address}/?q=musicvideo#review"
    assert query not in [
        each.get_attribute("data-query") for each in page.locator(".queue > li").all()
    ]

    page.click(".diff button")
    page.wait_for_selector(".waiting", state="detached")
    assert served.lines() == header
    assert closed(page) == []


@pytest.mark.parametrize("width", [PHONE, DESKTOP])
def test_the_page_fits_its_window(browser: Browser, served: Served, width: int) -> None:
    page = opened(browser, width=width)
    for path in ("/?q=musicvideo", "/list/no-clicks", "/list/head-queries?page=2"):
        page.goto(served.address + path)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert closed(page) == []


@pytest.mark.slow
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [PHONE, DESKTOP])
def test_axe_finds_nothing(
    browser: Browser, served: Served, width: int, scheme: Literal["light", "dark"]
) -> None:
    fields = {"query_text": "basecamp musicvideo", "decision": "approve"}
    assert decided(served, **fields).status == 303
    page = opened(browser, width=width, scheme=scheme)
    for path in ("/?q=portraitof+laurie", "/list/judged-clips", "/list/gone"):
        page.goto(served.address + path)
        found = Axe().run(page)
        assert found.violations_count == 0, found.generate_report()
    page.context.close()


def test_what_somebody_types_is_text(browser: Browser, served: Served) -> None:
    page = opened(browser)
    # Each takes seconds, so these are the most telling ones.
    for text in (*HOSTILE[:4], HOSTILE[-1]):
        page.goto(f"{served.address}/?q={quote(text)}")
        assert page.input_value("#q") == text
        assert page.locator("main script, main img, main [onload]").count() == 0
    assert closed(page) == []


@pytest.mark.parametrize("reason", HOSTILE)
def test_a_hostile_reason_is_text_too(served: Served, reason: str) -> None:
    fields = {"query_text": "basecamp musicvideo", "decision": "reject"}
    answer = decided(served, **fields, reason=reason)
    assert answer.status == 303
    with served.seed.open(encoding="utf-8", newline="") as file:
        (decision,) = csv.DictReader(file)
    assert decision["reason"] == reason
    assert "<script>alert" not in served.ask("GET", "/")[1]


def decided(served: Served, **fields: str) -> HTTPResponse:
    body = urlencode({"token": served.token(), **fields})
    return served.ask("POST", "/decide", body)[0]


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"query_text": "basecamp musicvideo", "decision": "delete"}, 409),
        ({"query_text": "nobody suggested this", "decision": "approve"}, 409),
        (
            {
                "query_text": "basecamp musicvideo",
                "decision": "reject",
                "reason": "two\nlines",
            },
            409,
        ),
        ({"query_text": "x" * 20_000, "decision": "reject"}, 413),
    ],
)
def test_what_is_no_decision_is_not_written(
    served: Served, fields: dict[str, str], status: int
) -> None:
    before = served.lines()
    assert decided(served, **fields).status == status
    assert served.lines() == before


def test_a_query_is_decided_on_once(served: Served) -> None:
    fields = {"query_text": "basecamp musicvideo", "decision": "approve"}
    assert [decided(served, **fields).status for _ in range(2)] == [303, 409]
    assert served.lines()[1:] == [
        "basecamp musicvideo,basecamp music video,approve,",
    ]


def test_a_form_of_another_site_is_refused(served: Served) -> None:
    fields = {"query_text": "basecamp musicvideo", "decision": "approve"}
    before = served.lines()
    right = urlencode({**fields, "token": served.token()})
    for body, headers in (
        (urlencode(fields), {}),
        (urlencode({**fields, "token": "é"}), {}),
        (right, {"Origin": "http://evil.example"}),
        (right, {"Origin": "null"}),
        (right, {"Sec_Fetch_Site": "cross-site"}),
    ):
        for path in ("/decide", "/undo"):
            assert served.ask("POST", path, body, **headers)[0].status == 403
    assert served.ask("GET", f"/decide?{right}")[0].status == 405
    assert served.lines() == before


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1:1", "localhost"])
def test_a_name_of_another_site_is_refused(served: Served, host: str) -> None:
    answer, text = served.ask("GET", "/", Host=host)
    assert answer.status == 421
    assert "token" not in text


def test_every_answer_forbids_foreign_content(served: Served) -> None:
    for path in ("/", "/list/head-queries", "/list/head-queries.csv", "/gone"):
        policy = served.ask("GET", path)[0].headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy
    assert "style=" not in served.ask("GET", "/?q=musicvideo")[1]


def test_only_this_machine_can_connect(served: Served) -> None:
    # The kernel's own list: addresses are hexadecimal, 0A is LISTEN.
    port = f"{served.port:04X}"
    listening = [
        line.split()[1]
        for name in ("tcp", "tcp6")
        for line in Path("/proc/net", name).read_text("ascii").splitlines()
        if line.split()[1].endswith(f":{port}") and line.split()[3] == "0A"
    ]
    own = socket.inet_aton("127.0.0.1")[::-1].hex().upper()
    assert listening == [f"{own}:{port}"]


def test_rare_queries_are_counted_and_not_shown(
    served: Served, sample_warehouse: Warehouse
) -> None:
    ((rare, frequent),) = sample_warehouse.query(
        "select sum(user_count < 3), sum(user_count >= 3) from query_frequency"
    )
    text = served.ask("GET", "/")[1]
    for name, value in (("hidden", rare), ("shown", frequent)):
        assert f'data-figure="head-queries.{name}" data-value="{value}"' in text
    shown = list(csv.reader(served.ask("GET", "/list/head-queries.csv")[1].split("\n")))
    typed = {
        row[0]
        for row in sample_warehouse.query(
            "select query_text from query_frequency where user_count >= 3"
        )
    }
    assert {row[0] for row in shown[1:] if row} <= typed


def test_figures_are_those_of_the_warehouse(
    served: Served, sample_warehouse: Warehouse
) -> None:
    text = served.ask("GET", "/")[1]
    for log, outcome, rows in sample_warehouse.query(
        "select log, outcome, sum(row_count) from log_ledger group by log, outcome"
    ):
        assert f'data-figure="ledger.{log}.{outcome}" data-value="{rows}"' in text
    ((searches, nothing, ignored, clicked),) = sample_warehouse.query(
        "select count(*), 100.0 * sum(total = 0) / count(total),"
        " 100.0 * sum(total > 0 and clip_count = 0) / count(total),"
        " 100.0 * sum(clip_count > 0) / count(*) from int_enrichable_search"
    )
    for name, shown in (
        ("searches", f"{searches:,}"),
        ("dead_ends", f"{nothing:.1f} %"),
        ("no_clicks", f"{ignored:.1f} %"),
        ("clicked", f"{clicked:.1f} %"),
    ):
        assert f'data-figure="health.{name}">{shown}<' in text


def test_a_graded_clip_says_so_where_it_is_found(
    served: Served, sample_warehouse: Warehouse
) -> None:
    query, cid, grade, users, evidence = sample_warehouse.query(
        "select query_text, cid, grade, user_count, evidence from judgment"
        " where grade is not null and is_publishable = 1"
        " order by user_count desc, query_text, cid limit 1"
    )[0]
    text = served.ask("GET", f"/?q={quote(str(query))}")[1]
    found = text[text.index('data-side="raw"') : text.index("<h2>Enriched")]
    (clip,) = [each for each in found.split("<li>") if f">{cid}</span>" in each]
    assert f"grade {grade}: {users} users clicked, {evidence}<" in clip


def test_judged_clips_are_those_of_queries_that_enough_users_typed(
    served: Served, sample_warehouse: Warehouse
) -> None:
    lines = served.ask("GET", "/list/judged-clips.csv")[1].splitlines()
    shown = {
        (row["query_text"], row["cid"], row["grade"]) for row in csv.DictReader(lines)
    }
    expected = sample_warehouse.query(
        "select judgment.query_text, cid, coalesce(grade, '') from judgment"
        " inner join query_frequency using (query_text)"
        " where place <= 3 and is_publishable = 1 and query_frequency.user_count >= 3"
    )
    assert shown == {(query, cid, str(grade)) for query, cid, grade in expected}
    text = served.ask("GET", "/")[1]
    assert f'data-figure="judged-clips.shown" data-value="{len(expected)}"' in text


def test_a_changed_ranking_is_marked_on_the_curves(
    sample_warehouse: Warehouse, tmp_path: Path
) -> None:
    copied = sample_warehouse.copy(tmp_path / "copy").database
    with closing(sqlite3.connect(copied)) as connection:
        connection.execute("delete from ranking_change")
        last = health(connection).until
        # The newest day, and one before the curves begin.
        for day in (last, "2001-01-01"):
            connection.execute(
                "insert into ranking_change values (?, 9, 8, 0.9, 0.1, 1)", (day,)
            )
        connection.commit()
        days = health(connection)
    assert [mark.day for mark in days.marks] == [last]
    assert days.marks[0].place == f"{WIDTH:.1f}"
    text = (
        client(SearchPage(copied, Decisions(new(tmp_path / "seed.csv")))).get("/").text
    )
    assert f'data-figure="health.changes">{last}<' in text
    assert text.count('<line class="mark"') == len(days.figures)


def test_exports_are_listed_with_where_their_rows_ended_up(
    sample_warehouse: Warehouse, tmp_path: Path
) -> None:
    with reading(sample_warehouse.database, "sqlite"):
        export(
            sample_warehouse.database,
            Wanted(FORMATS["solr-synonyms"](), tmp_path / "synonyms.txt"),
        )
    (tmp_path / "other.ledger.json").write_text("[]")
    page = SearchPage(
        sample_warehouse.database, Decisions(new(tmp_path / "seed.csv")), None, tmp_path
    )
    text = client(page).get("/").text
    (ledger,) = json.loads((tmp_path / "synonyms.txt.ledger.json").read_text())["marts"]
    name = f"exports.synonyms.txt.{ledger['mart']}"
    shown = {
        what: int(value)
        for what, value in re.findall(
            rf'data-figure="{re.escape(name)}\.(\w+)" data-value="(\d+)"', text
        )
    }
    assert shown.pop("row_count") == sum(shown.values())
    ((rows, written),) = sample_warehouse.query(
        "select count(*), sum(tier = 'auto' and is_publishable = 1) from query_rewrite"
    )
    assert ledger["row_count"] == rows
    assert shown["written"] == ledger["written"] <= written
    assert "other" not in re.findall(r'data-figure="exports\.(\w+)', text)


def hostile_texts(count: int) -> list[str]:
    """Texts that break out of HTML, SQL, addresses or files, put together at random."""
    chance = random.Random(30)
    parts = (
        *HOSTILE,
        "</script>",
        "';--",
        "\x00",
        "\u202e",
        "%3Cb%3E",
        "&lt;",
        "\\",
        "猫",
    )
    return ["".join(chance.choices(parts, k=3)) for _ in range(count)]


# Each takes a tenth of a second.
@pytest.mark.parametrize("count", [100, pytest.param(1000, marks=pytest.mark.long)])
def test_hostile_queries_are_text_and_write_nothing(
    browser: Browser, sample_warehouse: Warehouse, tmp_path: Path, count: int
) -> None:
    texts = hostile_texts(count)
    clips = tmp_path / "clip.csv"
    with clips.open("w", encoding="utf-8", newline="") as file:
        lines = csv.writer(file)
        lines.writerow(("cid", "name", "user_name"))
        for number, text in enumerate(texts):
            name = text.replace("\x00", "")
            lines.writerow((number, f"musicvideo {name}", name))
    seed = new(tmp_path / "seed.csv")
    before, size = seed.read_bytes(), sample_warehouse.database.stat()
    page = SearchPage(sample_warehouse.database, Decisions(seed), clips)
    # One thread for all requests, as in the server.
    with client(page) as asked:
        for text in texts:
            answer = asked.get(f"/?q={quote(text)}")
            assert answer.status_code == 200
            shown = re.search(r'<input id="q"[^>]* value="([^"]*)"', answer.text)
            assert shown
            assert html.unescape(shown[1]) == text
            assert answer.text.count("<script") == 1
    assert seed.read_bytes() == before
    assert sample_warehouse.database.stat().st_mtime_ns == size.st_mtime_ns
    # As reasons, all at once, in a browser.
    suggested = [row["query_text"] for row in page.overview("")["queue"]["rows"]]
    for query, text in zip(suggested, texts, strict=False):
        with suppress(DecisionError):
            page.decide(query, "reject", text)
    found = client(page).get("/").text
    window = opened(browser)
    window.set_content(found)
    assert window.locator("main script, main img, main svg [onload]").count() == 0
    assert [each for each in closed(window) if "static" not in each] == []


def test_each_list_is_a_file_that_no_spreadsheet_runs(served: Served) -> None:
    for name in LISTS:
        answer, text = served.ask("GET", f"/list/{name}.csv")
        assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
        assert answer.headers["Content-Disposition"] == (
            f'attachment; filename="{name}.csv"'
        )
        header, *rows = csv.reader(text.splitlines())
        assert rows
        assert {len(row) for row in rows} == {len(header)}
        assert not [cell for row in rows for cell in row if cell[:1] in "=+-@" and cell]
    assert served.ask("GET", "/list/gone.csv")[0].status == 404


def test_what_owners_write_is_text(sample_warehouse: Warehouse, tmp_path: Path) -> None:
    clips = tmp_path / "clip.csv"
    with clips.open("w", encoding="utf-8", newline="") as file:
        lines = csv.writer(file)
        lines.writerow(("cid", "name", "user_name", "duration_seconds"))
        for number, text in enumerate(HOSTILE):
            lines.writerow((number, f"musicvideo {text}", text, 3785))
    page = SearchPage(
        sample_warehouse.database, Decisions(new(tmp_path / "seed.csv")), clips
    )
    text = client(page).get("/?q=musicvideo").text
    # As typed, it finds these clips only.
    raw = text[text.index('data-side="raw"') : text.index("<h2>Enriched")]
    shown = re.findall(r'<span class="name"><bdi>(.*?)</bdi>', raw)
    named = [each for each in shown if not each.startswith("clicked after")]
    assert {html.unescape(each) for each in named} == {
        f"musicvideo {t}" for t in HOSTILE
    }
    assert not [each for each in shown if "<" in each]
    assert raw.count("1:03:05") == len(HOSTILE)


def test_a_warehouse_of_an_older_version_is_told_to_be_built(
    sample_warehouse: Warehouse, tmp_path: Path
) -> None:
    older = sample_warehouse.copy(tmp_path / "older").database
    with closing(sqlite3.connect(older)) as connection:
        connection.execute("drop table log_support")
        connection.commit()
    page = SearchPage(older, Decisions(new(tmp_path / "seed.csv")))
    answer = client(page).get("/")
    assert answer.status_code == 503
    assert "A table is missing. Build the tables" in answer.text


def client(page: SearchPage) -> TestClient:
    return TestClient(new_app(page, Gatekeeper(1)), base_url="http://127.0.0.1:1")


def test_an_undone_decision_leaves_every_other_byte(tmp_path: Path) -> None:
    seed = tmp_path / "seed.csv"
    before = (
        b"query_text,rewritten_text,decision,reason\r\n"
        b'"a ""b""",ab,approve,"of\ntwo lines"\n'
        b"c,,reject,no line end"
    )
    seed.write_bytes(before)
    decisions = Decisions(seed)
    decisions.append(Decision("d e", "de", "approve", "=1+1, 'x'"))
    assert seed.read_bytes() == before + b"\nd e,de,approve,\"=1+1, 'x'\"\n"
    decisions.remove("d e")
    assert seed.read_bytes() == before + b"\n"


def test_approved_rewrites_do_not_chain(tmp_path: Path) -> None:
    decisions = Decisions(new(tmp_path / "seed.csv"))
    decisions.append(Decision("a", "b", "approve", ""))
    for chained in (
        Decision("b", "c", "approve", ""),
        Decision("z", "a", "approve", ""),
    ):
        with pytest.raises(DecisionError, match="lead to another"):
            decisions.append(chained)
    decisions.append(Decision("b", "c", "reject", ""))
    assert [each.query_text for each in decisions.all()] == ["a", "b"]


@pytest.mark.long
def test_the_next_build_applies_a_decision(
    served: Served, sample_warehouse: Warehouse, tmp_path: Path
) -> None:
    # A build of a second project, whose seed has the line, takes half a minute.
    (row,) = sample_warehouse.query(
        "select tier from query_rewrite where query_text = 'basecamp musicvideo'"
    )
    assert row == ("suggest",)
    fields = {"query_text": "basecamp musicvideo", "decision": "approve"}
    assert decided(served, **fields, reason="checked").status == 303
    project = tmp_path / "project"
    project.mkdir()
    for name in ("models", "seeds", "macros", "docs/dbt", "docs/img", "tests/dbt"):
        shutil.copytree(ROOT / name, project / name)
    for name in ("dbt_project.yml", "profiles.yml"):
        shutil.copy(ROOT / name, project)
    shutil.copy(served.seed, project / "seeds" / "enrichment")
    warehouse = sample_warehouse.copy(tmp_path / "warehouse")
    built = subprocess.run(
        ["dbt", "build", "--select", "rewrite_review+"],
        cwd=project,
        env=warehouse.environment
        | {"DBT_PROJECT_DIR": str(project), "DBT_PROFILES_DIR": str(project)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert built.returncode == 0, built.stdout + built.stderr
    assert warehouse.query(
        "select tier, rule from query_rewrite where query_text = 'basecamp musicvideo'"
    ) == [("auto", "reviewed")]
