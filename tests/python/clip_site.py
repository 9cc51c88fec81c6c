"""A server on this machine that answers as the API of a video site does."""

import json
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from typing import Any
from urllib.parse import urlsplit

ADMITTED = "the-key-that-is-let-in"


def video(cid: str, **changed: Any) -> dict[str, Any]:
    """What the API reports on a video, as its reference describes it."""
    return {
        "uri": f"/videos/{cid}",
        "name": f"Clip {cid}",
        "description": "Sharks.\nMail joe@example.com",
        "tags": [{"tag": "shark", "name": "shark"}, {"tag": "sea", "name": "sea"}],
        "categories": [{"name": "Animals"}],
        "user": {"name": "Joe Example"},
        "duration": 62,
        "stats": {"plays": 1204},
        "created_time": "2013-10-15T14:08:29+00:00",
        **changed,
    }


@dataclass(frozen=True)
class Reply:
    """One answer of the server.

    Attributes:
        status: Its status.
        headers: Its headers, besides the usual ones.
        body: Its body; None for that of the video.
        is_dropped: Whether the connection is closed after half of the body.
        is_held: Whether the server does not answer until the test ends.
    """

    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    body: str | None = None
    is_dropped: bool = False
    is_held: bool = False


class ClipSite:
    """The server. It has each clip, unless the test plans other replies.

    Attributes:
        base: Its address.
        planned: For each id, the replies to its first requests.
        asked: The ids that were asked for, in order.
        requests: The path and the headers of each request.
        held: Is set when a request is held.
    """

    def __init__(self) -> None:
        self.planned: dict[str, list[Reply]] = defaultdict(list)
        self.asked: list[str] = []
        self.requests: list[tuple[str, dict[str, str]]] = []
        self.held = Event()
        self.is_over = Event()
        self.base = ""

    def reply(self, cid: str, authorization: str | None) -> Reply:
        if authorization != f"bearer {ADMITTED}":
            return Reply(401)
        return self.planned[cid].pop(0) if self.planned[cid] else Reply()


@contextmanager
def clip_site() -> Iterator[ClipSite]:
    """A running server."""
    site = ClipSite()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            cid = urlsplit(self.path).path.removeprefix("/videos/")
            site.asked.append(cid)
            site.requests.append((self.path, dict(self.headers)))
            reply = site.reply(cid, self.headers["Authorization"])
            if reply.is_held:
                site.held.set()
                site.is_over.wait()
                return
            text = json.dumps(video(cid)) if reply.status == 200 else '{"error": "x"}'
            body = (text if reply.body is None else reply.body).encode()
            self.send_response_only(reply.status)
            if "Date" not in reply.headers:
                self.send_header("Date", formatdate(usegmt=True))
            for name, value in reply.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body[: len(body) // 2] if reply.is_dropped else body)

        def log_message(self, *_: object) -> None:
            """Prints nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    site.base = f"http://127.0.0.1:{server.server_address[1]}"
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield site
    finally:
        site.is_over.set()
        server.shutdown()
        server.server_close()
        thread.join()
