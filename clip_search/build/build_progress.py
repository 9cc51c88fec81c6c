"""The progress of a build: a bar on a terminal, otherwise one line for each layer."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Any

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

if TYPE_CHECKING:
    from collections.abc import Callable

    from dbt.contracts.graph.manifest import Manifest
    from rich.console import Console

SEEDS, TESTS = "seeds", "tests"
_SUCCEEDED = ("success", "pass", "warn", "no-op")


class BuildProgress:
    """Counts the nodes that dbt has finished, by layer.

    Args:
        manifest: The parsed project.
        console: Where to print.
    """

    def __init__(self, manifest: Manifest, console: Console) -> None:
        self._layer_of = layers(manifest)
        self._expected = Counter(self._layer_of.values())
        self._done: Counter[str] = Counter()
        self._failed: Counter[str] = Counter()
        self._seconds: dict[str, float] = defaultdict(float)
        self._console = console
        self._has_rebuilt = False
        self._bar = Progress(
            TextColumn("{task.description:<8}", markup=False),
            BarColumn(),
            MofNCompleteColumn(),
            console=console,
            transient=True,
            disable=not console.is_terminal,
        )
        self._task = self._bar.add_task("", total=self._expected.total())

    def __enter__(self) -> Callable[[Any], None]:
        """Start drawing; the result receives dbt's events."""
        self._bar.start()
        return self._on_event

    def __exit__(self, *_: object) -> None:
        """Remove the bar."""
        self._bar.stop()
        if self._has_rebuilt:
            self._say("  rules or settings changed: tables built from all rows")

    def _on_event(self, event: Any) -> None:
        if event.info.name == "NodeFinished":
            node, result = event.data.node_info, event.data.run_result
            layer = self._layer_of.get(node.unique_id)
            if layer is not None:
                self._failed[layer] += result.status not in _SUCCEEDED
                self._finished(layer, float(result.execution_time))
        elif event.info.name == "JinjaLogInfo" and ": built from all rows" in (
            event.info.msg
        ):
            self._has_rebuilt = True

    def _finished(self, layer: str, seconds: float) -> None:
        self._done[layer] += 1
        self._seconds[layer] += seconds
        self._bar.update(self._task, advance=1, description=layer)
        if self._done[layer] == self._expected[layer]:
            what = "passed or warned" if layer == TESTS else "built"
            failed = self._failed[layer]
            rest = f", {failed} failed or skipped" if failed else ""
            self._say(
                f"  {layer:<8} {self._done[layer] - failed:>4} {what:<16}"
                f" {self._seconds[layer]:>7.1f} s{rest}"
            )

    def _say(self, line: str) -> None:
        try:
            self._console.print(line, highlight=False)
        except (BrokenPipeError, SystemExit):
            # The reader has closed the pipe, as `| head` does. This runs in a thread
            # of dbt, and dbt would wait forever if the thread ended here.
            self._console.quiet = True


def layers(manifest: Manifest) -> dict[str, str]:
    """The layer of each node that `dbt build` runs, by its unique id."""
    layers = {}
    for node in manifest.nodes.values():
        kind = node.resource_type.value
        if kind == "seed":
            layers[node.unique_id] = SEEDS
        elif kind == "model" and node.config.materialized != "ephemeral":
            layers[node.unique_id] = node.fqn[1]
        elif kind == "test":
            layers[node.unique_id] = TESTS
    return layers
