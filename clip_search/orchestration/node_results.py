"""What a dbt build did with each node: the link from one dbt run to many tasks.

The task `build` runs dbt once. Each seed and model has a task of its own, which reports
the state of its node and of the tests that belong to it.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from clip_search.findings import Finding, findings_of_nodes

_SKIPPED = "skipped"
Manifest = Mapping[str, Any]


@dataclass(frozen=True)
class NodeResult:
    """What dbt did with a seed or a model, and with its tests.

    Attributes:
        lines: What a log shows: the status and the seconds of the node and its tests.
        is_skipped: dbt left it out, because something above it has failed.
        findings: Its failures and warnings.
    """

    lines: tuple[str, ...] = ()
    is_skipped: bool = False
    findings: tuple[Finding, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """The result as JSON types."""
        return asdict(self)

    @classmethod
    def from_json(cls, content: Mapping[str, Any]) -> "NodeResult":
        """The result that `to_json` wrote."""
        findings = (
            Finding(**{**found, "examples": tuple(found["examples"])})
            for found in content["findings"]
        )
        return cls(tuple(content["lines"]), content["is_skipped"], tuple(findings))


@dataclass
class BuildResults:
    """The results of a build.

    Attributes:
        nodes: The result of each seed and model by name.
        others: The findings of what belongs to no seed or model, such as a hook.
    """

    nodes: dict[str, NodeResult] = field(default_factory=dict)
    others: tuple[Finding, ...] = ()

    def findings(self) -> tuple[Finding, ...]:
        """All findings."""
        found = [found for node in self.nodes.values() for found in node.findings]
        return (*self.others, *found)


def read_results(target: Path) -> BuildResults:
    """The results of the last dbt build.

    Args:
        target: The folder where dbt left `run_results.json` and `manifest.json`.
    """
    manifest = json.loads((target / "manifest.json").read_bytes())
    results = json.loads((target / "run_results.json").read_bytes())["results"]
    findings: dict[str | None, list[Finding]] = {}
    for unique_id, finding in findings_of_nodes(target):
        findings.setdefault(owner(unique_id, manifest), []).append(finding)
    lines: dict[str | None, list[str]] = {}
    skipped = set()
    for result in results:
        name = owner(result["unique_id"], manifest)
        lines.setdefault(name, []).append(_line(result))
        if result["status"] == _SKIPPED and not _is_test(result["unique_id"]):
            skipped.add(name)
    return BuildResults(
        nodes={
            name: NodeResult(
                tuple(its_lines), name in skipped, tuple(findings.get(name, ()))
            )
            for name, its_lines in lines.items()
            if name is not None
        },
        others=tuple(findings.get(None, ())),
    )


def owner(unique_id: str, manifest: Manifest) -> str | None:
    """The name of the seed or model whose task reports a node; None without any.

    A test with several parents belongs to the one that is built last.

    Args:
        unique_id: dbt's id of a node.
        manifest: The content of manifest.json.
    """
    if _is_test(unique_id):
        owning = last_parent(unique_id, manifest)
    else:
        owning = unique_id if is_built(unique_id, manifest) else None
    return None if owning is None else str(manifest["nodes"][owning]["name"])


def last_parent(unique_id: str, manifest: Manifest) -> str | None:
    """The id of the seed or model that a node reads and that is built last, if any."""
    return max(
        built_parents(unique_id, manifest),
        key=lambda parent: (len(ancestors(parent, manifest)), parent),
        default=None,
    )


def is_built(unique_id: str, manifest: Manifest) -> bool:
    """Whether dbt builds something for a node: an ephemeral model is part of others."""
    node = manifest["nodes"].get(unique_id, {})
    return (
        node.get("resource_type") in ("seed", "model")
        and node["config"]["materialized"] != "ephemeral"
    )


def built_parents(unique_id: str, manifest: Manifest) -> set[str]:
    """The seeds and models that a node reads, also through ephemeral models."""
    found = set()
    for parent in manifest["parent_map"].get(unique_id, ()):
        if is_built(parent, manifest):
            found.add(parent)
        else:
            found |= built_parents(parent, manifest)
    return found


def ancestors(unique_id: str, manifest: Manifest) -> set[str]:
    """Everything that a node depends on."""
    found: set[str] = set()
    waiting = [unique_id]
    while waiting:
        for parent in manifest["parent_map"].get(waiting.pop(), ()):
            if parent not in found:
                found.add(parent)
                waiting.append(parent)
    return found


def _is_test(unique_id: str) -> bool:
    return unique_id.startswith("test.")


def _line(result: Mapping[str, Any]) -> str:
    kind, _, name = str(result["unique_id"]).split(".")[:3]
    return f"{kind} {name}: {result['status']} in {result['execution_time']:.2f} s"
