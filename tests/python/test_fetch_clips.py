"""Fetching the metadata of clips, from a server that answers as the API does."""

import json
import os
import signal
import stat
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from clip_search.clear_error import ClearError
from clip_search.clips.answers_file import AnswersFile
from clip_search.clips.api_settings import ApiSettings, ClipApiError, api_settings
from clip_search.clips.clip_api import ClipApi
from clip_search.clips.fetch import fetch, to_ask
from clip_search.clips.patience import Patience
from clip_search.load.load_progress import Silent
from lab.warehouse import Warehouse
from tests.python.clip_site import ADMITTED, ClipSite, Reply, clip_site, video
from tests.python.conftest import ROOT, NewWarehouse

DATE = "Tue, 10 Mar 2020 13:24:31 GMT"


@pytest.fixture
def site() -> Iterator[ClipSite]:
    with clip_site() as running:
        yield running


class Waits:
    """Waits that are noted, and take no time."""

    def __init__(self, site: ClipSite, attempts: int = 6, key: str = ADMITTED) -> None:
        self.seconds: list[float] = []
        self.told: list[str] = []
        self.api = ClipApi(
            ApiSettings(site.base, key),
            Patience(attempts=attempts, sleep=self.seconds.append),
            self.told.append,
        )


def test_a_clip_is_what_the_api_answers(site: ClipSite) -> None:
    waits = Waits(site)
    assert waits.api.record("76979871") == video("76979871")
    assert waits.seconds == []
    ((path, headers),) = site.requests
    assert path == (
        "/videos/76979871?fields=uri,name,description,tags.name,tags.tag,"
        "categories.name,user.name,duration,stats.plays,created_time"
    )
    assert headers["Authorization"] == f"bearer {ADMITTED}"


@pytest.mark.parametrize("status", [403, 404])
def test_a_missing_clip_is_an_answer(site: ClipSite, status: int) -> None:
    site.planned["1"] = [Reply(status)]
    waits = Waits(site)
    assert waits.api.record("1") == {"uri": "/videos/1", "missing": status}
    assert site.asked == ["1"]


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"Retry-After": "7"}, 7),
        ({"Retry-After": "Tue, 10 Mar 2020 13:25:00 GMT"}, 29),
        ({"X-RateLimit-Reset": "2020-03-10T13:25:01+00:00"}, 30),
        ({"X-RateLimit-Reset": "2020-03-10T14:25:01+01:00"}, 30),
        # 2020-03-10T13:25:11Z
        ({"X-RateLimit-Reset": "1583846711"}, 40),
        ({"X-RateLimit-Reset": "2020-03-10T13:25:01"}, 30),
        # It names no time that can be read: as after any failure.
        ({"X-RateLimit-Reset": "soon"}, 1),
        ({"Retry-After": "soon"}, 1),
        ({}, 1),
    ],
)
def test_too_many_requests_wait_as_long_as_the_api_says(
    site: ClipSite, headers: dict[str, str], seconds: float
) -> None:
    site.planned["1"] = [Reply(429, {"Date": DATE, **headers})]
    waits = Waits(site)
    assert waits.api.record("1") == video("1")
    assert waits.seconds == [seconds]
    assert len(waits.told) == 1
    assert waits.told[0].startswith(f"waiting {seconds:.1f} s: ")


def test_the_last_allowed_request_is_followed_by_a_wait(site: ClipSite) -> None:
    limit = {"X-RateLimit-Reset": "2020-03-10T13:25:01+00:00", "Date": DATE}
    site.planned["1"] = [Reply(headers={**limit, "X-RateLimit-Remaining": "1"})]
    site.planned["2"] = [Reply(404, {**limit, "X-RateLimit-Remaining": "0"})]
    waits = Waits(site)
    waits.api.record("1")
    waits.api.record("2")
    assert waits.seconds == []
    waits.api.record("3")
    assert waits.seconds == [30]


def test_a_failing_server_is_asked_again_after_longer_and_longer_waits(
    site: ClipSite,
) -> None:
    site.planned["1"] = [Reply(500), Reply(503), Reply(502), Reply(500)]
    waits = Waits(site)
    assert waits.api.record("1") == video("1")
    assert waits.seconds == [1, 2, 4, 8]


def test_a_server_that_keeps_failing_ends_the_run(site: ClipSite) -> None:
    site.planned["1"] = [Reply(500)] * 3
    waits = Waits(site, attempts=3)
    with pytest.raises(
        ClipApiError, match=r"was asked 3 times for clip 1: it answered"
    ):
        waits.api.record("1")
    assert site.asked == ["1"] * 3
    assert waits.seconds == [1, 2]


def test_a_dropped_connection_is_tried_again(site: ClipSite) -> None:
    site.planned["1"] = [Reply(is_dropped=True)]
    waits = Waits(site)
    assert waits.api.record("1") == video("1")
    assert site.asked == ["1", "1"]
    assert waits.seconds == [1]


def test_half_an_answer_is_tried_again(site: ClipSite) -> None:
    site.planned["1"] = [Reply(body='{"uri": "/vid')]
    waits = Waits(site)
    assert waits.api.record("1") == video("1")
    assert waits.seconds == [1]


def test_a_server_that_is_not_there_ends_the_run() -> None:
    with clip_site() as site:
        waits = Waits(site, attempts=2)
    with pytest.raises(ClipApiError, match="refused"):
        waits.api.record("1")
    assert waits.seconds == [1]


@pytest.mark.parametrize(
    ("reply", "problem"),
    [
        (Reply(302, {"Location": "http://127.0.0.1:9/"}), r"answered 302 \(Found\)"),
        (Reply(400), r"answered 400 \(Bad Request\)"),
        (Reply(body="[]"), "something else than clip 1"),
        (Reply(body='{"uri": "/videos/2"}'), "something else than clip 1"),
        (Reply(429, {"Retry-After": "3600"}), "asks to wait 3,600 s"),
    ],
)
def test_what_another_attempt_cannot_change_ends_the_run(
    site: ClipSite, reply: Reply, problem: str
) -> None:
    site.planned["1"] = [reply]
    with pytest.raises(ClipApiError, match=problem):
        Waits(site).api.record("1")
    assert site.asked == ["1"]


def test_a_wrong_token_ends_the_run_and_is_not_shown(site: ClipSite) -> None:
    waits = Waits(site, key="a-wrong-token")
    with pytest.raises(ClipApiError, match=r"refuses the access token \(401\)") as told:
        waits.api.record("1")
    assert site.asked == ["1"]
    assert "a-wrong-token" not in str(told.value)
    assert "a-wrong-token" not in repr(ApiSettings(site.base, "a-wrong-token"))


@pytest.mark.parametrize(
    ("token", "base", "problem"),
    [
        ("", "", "no access token in VIMEO_TOKEN"),
        ("  ", "", "no access token in VIMEO_TOKEN"),
        ("one\ntwo-secret", "", "VIMEO_TOKEN is no token"),
        ("secret", "api.vimeo.com", "no address"),
        ("secret", "http://api.vimeo.com", "no address"),
        ("secret", "file:///etc/passwd", "no address"),
        ("secret", "http://127.0.0.1.example.com", "no address"),
        ("secret", "https://api.vimeo.com?a=b", "no address"),
        ("secret", "https://[", "no address"),
    ],
)
def test_settings_that_cannot_work_are_refused(
    token: str, base: str, problem: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VIMEO_TOKEN", token)
    monkeypatch.setenv("CLIP_SEARCH_CLIP_API", base)
    with pytest.raises(ClipApiError, match=problem) as told:
        api_settings()
    assert "secret" not in str(told.value)


def test_the_usual_address_is_that_of_vimeo(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VIMEO_TOKEN", " t \n")
    monkeypatch.delenv("CLIP_SEARCH_CLIP_API", raising=False)
    assert api_settings() == ApiSettings("https://api.vimeo.com", "t")


# --- the file of answers ------------------------------------------------------------


def test_answers_are_lines_that_only_their_owner_can_read(
    site: ClipSite, tmp_path: Path
) -> None:
    site.planned["2"] = [Reply(404)]
    file = tmp_path / "answers.jsonl"
    with AnswersFile(file) as answers:
        assert fetch(["1", "2"], Waits(site).api, answers, Silent()) == 1
        assert answers.known == {"1", "2"}
    lines = [json.loads(line) for line in file.read_text().splitlines()]
    assert lines == [video("1"), {"uri": "/videos/2", "missing": 404}]
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_only_new_plain_ids_are_asked_for(tmp_path: Path) -> None:
    file = tmp_path / "answers.jsonl"
    file.write_text(
        '{"uri": "/videos/1"}\n{"uri": "/videos/2", "missing": 404}\n[]\nbroken\n{}\n'
    )
    wanted = ["1", "c7", "2", "3", "007", "../me", "٣", "4", "5"]
    with AnswersFile(file) as answers:
        asked = to_ask(wanted, answers, 2)
    assert asked.cids == ("3", "4")
    assert (asked.answered_count, asked.other_id_count, asked.left_count) == (2, 4, 1)


def test_a_line_that_was_cut_off_is_asked_for_again(tmp_path: Path) -> None:
    file = tmp_path / "answers.jsonl"
    file.write_text('{"uri": "/videos/1"}\n{"uri": "/videos/2", "na')
    with AnswersFile(file) as answers:
        assert answers.known == {"1"}
        answers.add("3", {"uri": "/videos/3"})
    assert file.read_text() == '{"uri": "/videos/1"}\n{"uri": "/videos/3"}\n'


def test_two_runs_do_not_write_into_one_file(tmp_path: Path) -> None:
    file = tmp_path / "answers.jsonl"
    with (
        AnswersFile(file),
        pytest.raises(ClearError, match="another process is fetching"),
        AnswersFile(file),
    ):
        pass


@pytest.mark.parametrize("name", ["answers.json", "answers", "none/answers.jsonl"])
def test_a_file_that_could_not_be_loaded_is_refused(name: str, tmp_path: Path) -> None:
    with pytest.raises(ClearError), AnswersFile(tmp_path / name):
        pass
    assert list(tmp_path.iterdir()) == []


# --- the command ------------------------------------------------------------------


@pytest.fixture(scope="module")
def clicked(new_warehouse: NewWarehouse) -> Warehouse:
    """Clicks on the clips 11 (twice), 12, 13, and on one that is no number."""
    warehouse = new_warehouse("clicked")
    folder = warehouse.database.with_name("logs")
    folder.mkdir()
    cids = ("12", "13", "11", "11", "promo-7")
    searches = [f"s{n},jaws,2020-03-10T13:24:3{n}Z,u{n},9" for n in range(len(cids))]
    clicks = [f"s{n},2020-03-10T13:25:0{n}Z,{cid},1" for n, cid in enumerate(cids)]
    (folder / "search_request.csv").write_text(
        "\n".join(["search_id,search_query,ts,cuid,total", *searches, ""])
    )
    (folder / "search_result_interaction.csv").write_text(
        "\n".join(["search_id,ts,cid,position", *clicks, ""])
    )
    warehouse.load(folder)
    warehouse.build_clean_layer()
    return warehouse


@pytest.fixture
def warehouse(
    clicked: Warehouse,
    tmp_path: Path,
    site: ClipSite,
    monkeypatch: pytest.MonkeyPatch,
) -> Warehouse:
    monkeypatch.setenv("VIMEO_TOKEN", ADMITTED)
    monkeypatch.setenv("CLIP_SEARCH_CLIP_API", site.base)
    return clicked.copy(tmp_path / "warehouse")


def fetched(warehouse: Warehouse, *options: str) -> str:
    done = warehouse.run("clip-search", "fetch-clips", *options)
    assert done.returncode == 0, done.stderr
    assert ADMITTED not in done.stdout + done.stderr
    return done.stdout


@pytest.mark.slow
def test_clicked_clips_are_fetched_loaded_and_built(
    warehouse: Warehouse, site: ClipSite
) -> None:
    site.planned["12"] = [Reply(404)]
    said = fetched(warehouse, "--limit", "2")
    assert site.asked == ["11", "12"]
    assert "asked for 2 clips: 1 found, 1 missing" in said
    assert "note: 1 clicked id not sent: no Vimeo id" in said
    assert "note: 1 clip left for the next run" in said
    said = fetched(warehouse)
    assert site.asked == ["11", "12", "13"]
    assert "note: 2 clips not asked for again" in said
    warehouse.take_in()
    assert warehouse.query(
        "select cid, name, description, tags, categories, owner, duration_seconds,"
        " plays, created_at, raw_row_count from clip order by cid"
    ) == [
        (
            cid, f"Clip {cid}", "Sharks. Mail [email]", "shark;sea", "Animals",
            "Joe Example", 62, 1204, "2013-10-15T14:08:29.000Z", 1,
        )
        for cid in ("11", "13")
    ]  # fmt: skip
    assert warehouse.query("select count(*) from rejected_clip") == [(0,)]
    # Nothing is left to ask for, so no token is needed.
    os.environ.pop("VIMEO_TOKEN")
    assert "asked for 0 clips" in fetched(warehouse)
    assert site.asked == ["11", "12", "13"]


def test_a_killed_run_continues_where_it_stopped(
    warehouse: Warehouse, site: ClipSite
) -> None:
    site.planned["13"] = [Reply(is_held=True)]
    running = subprocess.Popen(
        ["clip-search", "fetch-clips"], cwd=ROOT, env=warehouse.environment
    )
    assert site.held.wait(60)
    running.send_signal(signal.SIGKILL)
    running.wait()
    assert site.asked == ["11", "12", "13"]
    fetched(warehouse)
    assert site.asked == ["11", "12", "13", "13"]
    assert sorted(warehouse.query("select cid from landed_clip")) == [
        ("11",), ("12",), ("13",)
    ]  # fmt: skip


def test_an_error_says_what_where_and_what_to_do(
    warehouse: Warehouse, site: ClipSite
) -> None:
    site.planned["12"] = [Reply(401)]
    done = warehouse.run("clip-search", "fetch-clips")
    assert done.returncode == 1
    assert f"error: {site.base} refuses the access token (401)" in done.stderr
    assert (
        "  remedy:  Set VIMEO_TOKEN to a valid token. What was fetched" in done.stderr
    )
    assert ADMITTED not in done.stdout + done.stderr
    fetched(warehouse)
    assert site.asked == ["11", "12", "12", "13"]


def test_only_ids_leave_the_machine(warehouse: Warehouse, site: ClipSite) -> None:
    fetched(warehouse)
    assert {path.partition("?")[0] for path, _ in site.requests} == {
        "/videos/11", "/videos/12", "/videos/13",
    }  # fmt: skip
    assert {name for _, headers in site.requests for name in headers} == {
        "Accept", "Accept-Encoding", "Authorization", "Connection", "Host",
        "User-Agent",
    }  # fmt: skip


def test_the_token_is_in_no_file_and_no_output(
    warehouse: Warehouse, site: ClipSite
) -> None:
    site.planned["12"] = [Reply(404)]
    # It checks the output too.
    fetched(warehouse)
    for path in warehouse.database.parent.rglob("*"):
        assert path.is_dir() or ADMITTED.encode() not in path.read_bytes()


def test_a_warehouse_that_is_not_built_is_named(
    new_warehouse: NewWarehouse,
) -> None:
    done = new_warehouse("unbuilt").run("clip-search", "fetch-clips")
    assert done.returncode == 1
    assert "error: the warehouse is not built completely" in done.stderr
