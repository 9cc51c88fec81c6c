"""Where the API is, and the token for it: from the environment only."""

import os
import re
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from clip_search.clear_error import ClearError

BASE_VARIABLE = "CLIP_SEARCH_CLIP_API"
TOKEN_VARIABLE = "VIMEO_TOKEN"  # noqa: S105 - the name of a variable
DEFAULT_BASE = "https://api.vimeo.com"

_TOKEN = re.compile(r"[!-~]+", re.ASCII)
_LOCAL = ("localhost", "127.0.0.1", "::1")


class ClipApiError(ClearError):
    """The API cannot be asked, or does not answer as it should."""


@dataclass(frozen=True)
class ApiSettings:
    """How to reach the API.

    Attributes:
        base: Its address, without a slash at the end.
        token: The access token. It is part of no text about this object.
    """

    base: str
    token: str = field(repr=False)

    @property
    def is_local(self) -> bool:
        """Whether the API is on this machine."""
        return urlsplit(self.base).hostname in _LOCAL


def api_settings() -> ApiSettings:
    """The settings of the environment.

    Raises:
        ClipApiError: There is no token, or the address would send it in clear text.
    """
    token = os.environ.get(TOKEN_VARIABLE, "").strip()
    if not token:
        raise ClipApiError(
            f"there is no access token in {TOKEN_VARIABLE}",
            remedy="Create one with the scope public at"
            f" https://developer.vimeo.com/apps, and set {TOKEN_VARIABLE} to it.",
        )
    if not _TOKEN.fullmatch(token):
        raise ClipApiError(
            f"{TOKEN_VARIABLE} is no token: it has spaces or characters beyond ASCII",
            remedy="Copy the token again.",
        )
    base = (os.environ.get(BASE_VARIABLE) or DEFAULT_BASE).rstrip("/")
    settings = ApiSettings(base, token)
    try:
        parts = urlsplit(base)
        is_address = bool(parts.hostname) and not (parts.query or parts.fragment)
        is_safe = parts.scheme == "https" or (
            parts.scheme == "http" and settings.is_local
        )
    except ValueError:
        is_address = is_safe = False
    if not (is_address and is_safe):
        raise ClipApiError(
            f"{BASE_VARIABLE} is {base!r}, and no address that starts with https://",
            remedy=f"Correct it, or unset it to ask {DEFAULT_BASE}. Only a server on"
            " this machine may be asked without TLS.",
        )
    return settings
