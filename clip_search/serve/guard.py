"""Decides which requests the page answers, and what a browser may do with it.

Any site that its owner visits can send requests to this machine. A site whose name
suddenly means 127.0.0.1 (DNS rebinding) can also read the answers, but it sends its own
name as the host. A form of another site cannot know the token of the page.
"""

import hmac
import secrets
from dataclasses import dataclass, field

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

LOOPBACK = "127.0.0.1"

_POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self';"
    " form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_HEADERS = {
    "Content-Security-Policy": _POLICY,
    "X-Content-Type-Options": "nosniff",
    # Without any referrer, the browser would not say where a form comes from.
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}


@dataclass(frozen=True)
class Gatekeeper:
    """What this process accepts.

    Attributes:
        port: The port it listens on.
        token: A secret of this process, which every form of the page contains.
    """

    port: int
    token: str = field(default_factory=lambda: secrets.token_urlsafe(32))

    @property
    def hosts(self) -> tuple[str, ...]:
        """The names under which a browser on this machine knows the page."""
        return (f"{LOOPBACK}:{self.port}", f"localhost:{self.port}")

    def refuses_host(self, headers: Headers) -> bool:
        """Whether a request was meant for another site."""
        return headers.get("host", "").lower() not in self.hosts

    def refuses_form(self, headers: Headers, token: str) -> bool:
        """Whether a form comes from another site, or from an earlier process."""
        origin = headers.get("origin")
        if origin is not None and origin != f"http://{headers.get('host', '')}":
            return True
        if headers.get("sec-fetch-site", "same-origin") != "same-origin":
            return True
        return not hmac.compare_digest(token.encode(), self.token.encode())


class Guard:
    """Refuses requests for other hosts, and adds the headers to each response."""

    def __init__(self, app: ASGIApp, gatekeeper: Gatekeeper) -> None:
        self._app = app
        self._gatekeeper = gatekeeper

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle a request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in _HEADERS.items():
                    headers[name] = value
            await send(message)

        app = self._app
        if self._gatekeeper.refuses_host(Headers(scope=scope)):
            app = PlainTextResponse("This page has another address.\n", 421)
        await app(scope, receive, send_guarded)
