"""How commands are told about a mapping, and the command that prints a preset."""

from pathlib import Path
from typing import Annotated

import typer

from clip_search.mapping.mapping import Mapping
from clip_search.mapping.mapping_file import (
    mapping_of_file,
    mapping_of_preset,
    preset_names,
    preset_text,
)

PresetName = Annotated[
    str | None,
    typer.Option(
        "--as",
        metavar="PRESET",
        help=f"The files are another product's logs: {', '.join(preset_names())}.",
    ),
]
MappingFile = Annotated[
    Path | None,
    typer.Option(
        "--map", metavar="FILE", help="The same, by a mapping of your own (TOML)."
    ),
]


def chosen_mapping(preset: str | None, file: Path | None) -> Mapping | None:
    """The mapping that the options choose; None if the files are our own logs.

    Raises:
        MappingError: There is no such preset, or the file is wrong.
    """
    if preset and file:
        raise typer.BadParameter("give either --as PRESET or --map FILE")
    if preset:
        return mapping_of_preset(preset)
    return mapping_of_file(file) if file else None


def mapping_command(
    preset: Annotated[str, typer.Argument(metavar="PRESET", help="Its name.")],
) -> None:
    """Print the mapping of a preset, to start one of your own from.

    Example: clip-search mapping ubi > mapping.toml
    """
    typer.echo(preset_text(preset), nl=False)
