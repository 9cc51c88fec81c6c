"""How the API names a clip."""

import re
from collections.abc import Mapping
from typing import Any

from clip_search.mapping.field import Key

_PLAIN_ID = re.compile(r"[1-9][0-9]{0,18}", re.ASCII)
_URI = Key("uri", "last")


def is_plain_id(cid: str) -> bool:
    """Whether the API can have a clip with this id: digits."""
    return _PLAIN_ID.fullmatch(cid) is not None


def clip_uri(cid: str) -> str:
    """The path of a clip."""
    return f"/videos/{cid}"


def clip_id_of(record: Mapping[str, Any]) -> str | None:
    """The id of the clip that an answer is about, as the preset `vimeo` reads it."""
    found = _URI.read(record)
    return None if found is None else str(found)
