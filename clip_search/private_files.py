"""Files that only their owner can read, whatever the umask is.

A warehouse holds what people typed, and dbt's results quote from it.
"""

import os
import shlex
from collections.abc import Iterable
from pathlib import Path

_PRIVATE = 0o077
_READ_BY_OTHERS = 0o044
_ENTERED_BY_OTHERS = 0o011
_umask_of_user: int | None = None


def keep_private() -> None:
    """Let this process and those that it starts create files for their owner only."""
    global _umask_of_user
    before = os.umask(_PRIVATE)
    if _umask_of_user is None:
        _umask_of_user = before


def hand_over(file: Path) -> None:
    """Give a file that is meant for others the mode that the user's umask asks for."""
    file.chmod(0o666 & ~(_umask_of_user or 0))


def put_in_place(written: Path, file: Path) -> None:
    """Move a finished file that is meant for others to its place, in one step.

    Args:
        written: The file, in the file system of its place.
        file: Its place. A file that is replaced leaves its mode.
    """
    if file.exists():
        written.chmod(file.stat().st_mode & 0o777)
    else:
        hand_over(written)
    written.replace(file)


def read_by_others(places: Iterable[Path]) -> list[Path]:
    """The files and folders that other users of this machine can read.

    Their mode was wider before, and is kept: somebody may have wanted it.

    Args:
        places: Files or folders; they need not exist.
    """
    return [
        place
        for place in places
        if place.exists()
        and place.stat().st_mode & _READ_BY_OTHERS
        and all(parent.stat().st_mode & _ENTERED_BY_OTHERS for parent in place.parents)
    ]


def sentence_about(places: Iterable[Path]) -> str | None:
    """What a user should know about places that others can read; None if none is.

    Args:
        places: As for `read_by_others`.
    """
    found = [shlex.quote(str(place)) for place in read_by_others(places)]
    if not found:
        return None
    named = " ".join(found)
    return f"Other users can read {named}. To stop it: chmod -R go= {named}"
