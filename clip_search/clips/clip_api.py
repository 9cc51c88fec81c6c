"""Asks the API for one clip at a time, and waits and tries again where that helps."""

import http.client
import json
from collections.abc import Callable
from email.message import Message
from http import HTTPStatus
from importlib.metadata import version
from typing import IO, Any, NamedTuple
from urllib.error import HTTPError
from urllib.request import HTTPRedirectHandler, ProxyHandler, Request, build_opener

from clip_search.clips.api_settings import (
    BASE_VARIABLE,
    TOKEN_VARIABLE,
    ApiSettings,
    ClipApiError,
)
from clip_search.clips.clip_uri import clip_id_of, clip_uri
from clip_search.clips.patience import Patience, asked_wait

# Without the others, an answer is ten times as short, and more requests are allowed.
FIELDS = (
    "uri", "name", "description", "tags.name", "tags.tag", "categories.name",
    "user.name", "duration", "stats.plays", "created_time",
)  # fmt: skip
MISSING = (HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND)
"""What the API answers for a clip that is gone, or private."""
CONTINUE = "What was fetched is kept: run this again to continue."

_LARGEST_ANSWER = 1024 * 1024

Record = dict[str, Any]
Tell = Callable[[str], None]


class _Answer(NamedTuple):
    status: int
    headers: Message
    body: bytes


class _NoRedirect(HTTPRedirectHandler):
    """Another host must not get the token."""

    def redirect_request(self, *_: Any) -> None:
        """Never follows."""


class ClipApi:
    """The API, with what it said about its rate limit."""

    def __init__(
        self,
        settings: ApiSettings,
        patience: Patience | None = None,
        tell: Tell = print,
    ) -> None:
        """Nothing is sent yet.

        Args:
            settings: How to reach it.
            patience: The limits of waiting.
            tell: Is called with one line before each wait.
        """
        self._settings = settings
        self._patience = patience or Patience()
        self._tell = tell
        # A proxy would see a token that is sent without TLS.
        proxies = [ProxyHandler({})] if settings.is_local else []
        self._opener = build_opener(_NoRedirect, *proxies)
        self._wait: float = 0
        self._why = ""

    def record(self, cid: str) -> Record:
        """What the API knows of a clip, or that it is missing, and why.

        Args:
            cid: Its id, of digits.

        Returns:
            The answer as it came, or `{"uri": ..., "missing": STATUS}`.

        Raises:
            ClipApiError: The token is refused, or no attempt led to an answer.
        """
        for failure_count in range(1, self._patience.attempts + 1):
            self._take_turn()
            try:
                answer = self._ask(cid)
            except (http.client.HTTPException, OSError) as error:
                problem: str | None = str(error) or type(error).__name__
                seconds = None
            else:
                if answer.status in MISSING:
                    self._note_limit(answer)
                    return {"uri": clip_uri(cid), "missing": int(answer.status)}
                found = self._found(answer, cid)
                seconds = self._note_limit(answer)
                if found is not None:
                    return found
                problem = f"it answered {_named(answer.status)}"
            if seconds is None:
                self._wait = self._patience.backoff(failure_count)
                self._why = problem or ""
        raise ClipApiError(
            f"{self._settings.base} was asked {self._patience.attempts} times for clip"
            f" {cid}: {problem}",
            remedy=f"Check the network and {BASE_VARIABLE}. {CONTINUE}",
        )

    def _found(self, answer: _Answer, cid: str) -> Record | None:
        """The record of a clip; None if another attempt may bring it."""
        status = answer.status
        if status == HTTPStatus.UNAUTHORIZED:
            raise ClipApiError(
                f"{self._settings.base} refuses the access token (401)",
                remedy=f"Set {TOKEN_VARIABLE} to a valid token. {CONTINUE}",
            )
        if status == HTTPStatus.TOO_MANY_REQUESTS or status >= 500:
            return None
        if status != HTTPStatus.OK:
            raise ClipApiError(
                f"{self._settings.base} answered {_named(status)} for clip {cid}",
                remedy=f"Check {BASE_VARIABLE} and the scope of the token. {CONTINUE}",
            )
        try:
            record = json.loads(answer.body)
        except (ValueError, RecursionError):
            # The connection may have dropped before the end.
            return None
        if not isinstance(record, dict) or clip_id_of(record) != cid:
            raise ClipApiError(
                f"{self._settings.base} answered something else than clip {cid}",
                remedy=f"Check {BASE_VARIABLE}: it has to answer as the Vimeo API does."
                f" {CONTINUE}",
            )
        return record

    def _ask(self, cid: str) -> _Answer:
        address = f"{self._settings.base}{clip_uri(cid)}?fields={','.join(FIELDS)}"
        request = Request(address)
        request.add_header("Accept", "application/vnd.vimeo.*+json;version=3.4")
        request.add_header("User-Agent", f"clip-search/{version('clip-search')}")
        request.add_unredirected_header(
            "Authorization", f"bearer {self._settings.token}"
        )
        try:
            response = self._opener.open(
                request, timeout=self._patience.timeout_seconds
            )
        except HTTPError as error:
            with error:
                return _Answer(error.code, error.headers, b"")
        with response:
            return _Answer(response.status, response.headers, _body(response))

    def _note_limit(self, answer: _Answer) -> float | None:
        """Remembers the wait that an answer asks for."""
        seconds = asked_wait(answer.status, answer.headers)
        if seconds is not None:
            self._wait = seconds
            self._why = "the API allows no more requests for now"
        return seconds

    def _take_turn(self) -> None:
        """Waits as long as the last answer asked."""
        seconds, self._wait = self._wait, 0
        if seconds > self._patience.longest_seconds:
            raise ClipApiError(
                f"{self._settings.base} asks to wait {seconds:,.0f} s",
                remedy=f"Run this again later. {CONTINUE}",
            )
        if seconds > 0:
            self._tell(f"waiting {seconds:,.1f} s: {self._why}")
            self._patience.sleep(seconds)


def _body(response: IO[bytes]) -> bytes:
    body = response.read(_LARGEST_ANSWER + 1)
    if len(body) > _LARGEST_ANSWER:
        raise http.client.HTTPException(f"more than {_LARGEST_ANSWER:,} bytes")
    return body


def _named(status: int) -> str:
    try:
        return f"{status} ({HTTPStatus(status).phrase})"
    except ValueError:
        return str(status)
