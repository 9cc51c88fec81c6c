"""The sub-command `simulate`."""

from pathlib import Path
from typing import Annotated

import typer


def simulate_command(
    seed: Annotated[
        int | None,
        typer.Option(
            help="The same seed gives the same bytes, everywhere.",
            show_default="that of the sample",
        ),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Output folder; may be new."),
    ] = None,
    requests: Annotated[
        int | None,
        typer.Option(
            min=1,
            help="Searches by people, without crawlers.",
            show_default="100000, or what --world says",
        ),
    ] = None,
    world: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Settings (TOML) that override world.toml."),
    ] = None,
    sample: Annotated[
        bool, typer.Option("--sample", help="Regenerate the project's own sample.")
    ] = False,
    index: Annotated[
        bool,
        typer.Option(
            "--index", help="Add an unnamed index column, and queries for 'null'."
        ),
    ] = False,
    malformed: Annotated[
        bool, typer.Option("--malformed", help="Add lines that are not CSV records.")
    ] = False,
    key: Annotated[
        bool | None,
        typer.Option(
            "--key/--no-key",
            help="Also write the answer key and the truth.",
            show_default="key, except with --bulk",
        ),
    ] = None,
    bulk: Annotated[
        bool,
        typer.Option(
            "--bulk",
            help="For millions: only the two logs, in parts on all cores.",
        ),
    ] = False,
) -> None:
    """Generate messy search logs of a synthetic video site, and their answer key.

    Writes search_request.csv, search_result_interaction.csv and answer_key.jsonl, which
    has the expected outcome of each row of the two logs. Also writes a folder truth
    with the clips, the intended text of each search, and the clips that answer it. With
    --sample, writes the seeds in seeds/sample and their answer key in tests/answer_key
    instead; it takes no other options. With --bulk, generates only the two logs, on all
    cores; they differ from those without it. See docs/simulator.md.

    Example: clip-search simulate --seed 7 --requests 100000 --out /tmp/logs
    """
    # Every command of a checkout would import the simulator.
    from lab.simulate import (
        SAMPLE_SEED,
        Destination,
        Plan,
        SettingsError,
        sample_destination,
        sample_plan,
        simulate,
    )
    from lab.simulate.bulk import MOST_REQUESTS, simulate_in_bulk
    from lab.simulate.simulate_progress import shown_parts, shown_searches

    seed = SAMPLE_SEED if seed is None else seed
    plan = Plan(seed, requests, world, index, malformed)
    if sample == (out is not None):
        raise typer.BadParameter("give either --out DIR or --sample")
    if sample and (plan != Plan(SAMPLE_SEED) or key is False or bulk):
        raise typer.BadParameter("--sample takes no other options")
    if bulk and (key or index):
        raise typer.BadParameter("--bulk takes neither --key nor --index")
    if bulk and requests is not None and requests > MOST_REQUESTS:
        raise typer.BadParameter(f"--bulk makes at most {MOST_REQUESTS} requests")
    destination = (
        sample_destination()
        if out is None
        else Destination.in_folder(out, not bulk if key is None else key)
    )
    try:
        if bulk:
            with shown_parts() as on_part:
                counts = simulate_in_bulk(plan, destination, on_part)
        else:
            with shown_searches() as on_search:
                counts = simulate(
                    sample_plan() if sample else plan, destination, on_search
                )
    except (OSError, SettingsError) as error:
        typer.echo(f"error: the logs could not be written\n{error}", err=True)
        raise typer.Exit(1) from None
    for log, count in counts.items():
        typer.echo(f"{log}  {count} rows")
    typer.echo(f"written to {destination.search_request.parent}")
