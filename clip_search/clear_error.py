"""Errors that a person can act on, and how each command prints them.

Every such error says what is wrong, where, and what to do. `ClearErrors` prints it in
place of a traceback, for all sub-commands.
"""

import errno
import shlex
from pathlib import Path
from typing import Any

import typer
from typer.core import TyperGroup

from clip_search.wording import printable

_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
_FORBIDDEN = (errno.EACCES, errno.EPERM, errno.EROFS)


class ClearError(Exception):
    """Something is wrong outside of this program, and a person can put it right.

    Attributes:
        problem: What is wrong, in one sentence.
        remedy: What to do about it.
        place: The file or folder with the problem.
    """

    def __init__(self, problem: str, *, remedy: str, place: Path | None = None) -> None:
        """See the class."""
        super().__init__(problem)
        self.problem = problem
        self.remedy = remedy
        self.place = place

    def __str__(self) -> str:
        """The error as a block of lines, without a trailing line break."""
        file = [] if self.place is None else [f"  file:    {self.place}"]
        lines = [*self.problem.splitlines(), *file, f"  remedy:  {self.remedy}"]
        return "\n".join(map(printable, lines))


class ClearErrors(TyperGroup):
    """Sub-commands of which each ends with one clear error and exit code 1."""

    def invoke(self, ctx: Any) -> Any:
        """Run the sub-command."""
        try:
            return super().invoke(ctx)
        except ClearError as error:
            end_with(error)
        except BrokenPipeError:
            # Whoever read the output has left: Typer ends without a message.
            raise
        except OSError as error:
            end_with(of_os_error(error))


def end_with(error: ClearError) -> None:
    """Print an error, and end the command.

    Raises:
        typer.Exit: Always, with code 1.
    """
    typer.echo(f"error: {error}", err=True)
    raise typer.Exit(1) from None


def of_os_error(error: OSError) -> ClearError:
    """The clear error for one of the operating system."""
    place = None if error.filename is None else Path(str(error.filename))
    problem = str(error.strerror or error).lower()
    if error.errno in _FULL:
        return ClearError(
            f"the disk is full: {problem}",
            remedy=f"Free some space, then run this again. {_space_of(place)}",
            place=place,
        )
    if error.errno in _FORBIDDEN:
        return ClearError(
            f"a file or folder cannot be opened or written: {problem}",
            remedy="Change its permissions, or use another path.",
            place=place,
        )
    return ClearError(
        f"a file or folder cannot be used: {problem}",
        remedy="Check the path.",
        place=place,
    )


def _space_of(place: Path | None) -> str:
    folder = Path.cwd() if place is None else place.parent
    return f"This shows how much there is: df -h {shlex.quote(str(folder))}"
