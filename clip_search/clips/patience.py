"""How long to wait for an API: what it asks for itself, else longer each time."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import Message
from email.utils import parsedate_to_datetime

_LONGEST_BACKOFF_SECONDS = 60


@dataclass(frozen=True)
class Patience:
    """The limits of waiting.

    Attributes:
        attempts: How many times one clip is asked for before the run stops.
        first_seconds: The wait after the first failure; it doubles with each further
            one, up to a minute.
        longest_seconds: If the API asks for a longer wait, the run stops.
        timeout_seconds: How long the API may be silent.
        sleep: Waits for some seconds.
    """

    attempts: int = 6
    first_seconds: float = 1
    longest_seconds: float = 900
    timeout_seconds: float = 30
    sleep: Callable[[float], None] = time.sleep

    def backoff(self, failure_count: int) -> float:
        """The wait in seconds after this many failures in a row, from 1."""
        return float(
            min(self.first_seconds * 2 ** (failure_count - 1), _LONGEST_BACKOFF_SECONDS)
        )


def asked_wait(status: int, headers: Message) -> float | None:
    """The wait in seconds that an answer asks for; None if it asks for none.

    `Retry-After` is a number of seconds or a time; `X-RateLimit-Reset` is a time, as
    text or in seconds since 1970, and counts if the answer is a 429 or
    `X-RateLimit-Remaining` is 0. Times are compared with the server's own clock.

    Args:
        status: The status of the answer.
        headers: Its headers.
    """
    retry = headers.get("Retry-After", "").strip()
    if status != 200 and retry:
        if retry.isascii() and retry.isdigit():
            return float(retry)
        return _seconds_until(_http_time(retry), headers)
    is_used_up = headers.get("X-RateLimit-Remaining", "").strip() == "0"
    if status == 429 or is_used_up:
        return _seconds_until(_reset_time(headers), headers)
    return None


def _seconds_until(then: datetime | None, headers: Message) -> float | None:
    if then is None:
        return None
    now = _http_time(headers.get("Date", "")) or datetime.now(UTC)
    return max(0.0, (then - now).total_seconds())


def _http_time(text: str) -> datetime | None:
    try:
        return _in_utc(parsedate_to_datetime(text))
    except (TypeError, ValueError):
        return None


def _reset_time(headers: Message) -> datetime | None:
    text = headers.get("X-RateLimit-Reset", "").strip()
    try:
        if text.isascii() and text.isdigit():
            return datetime.fromtimestamp(int(text), UTC)
        return _in_utc(datetime.fromisoformat(text))
    except (OverflowError, OSError, ValueError):
        return None


def _in_utc(time_read: datetime) -> datetime:
    """The time; one without a zone is in UTC."""
    return time_read if time_read.tzinfo else time_read.replace(tzinfo=UTC)
