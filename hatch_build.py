"""Adds the dbt project to the wheel. A checkout is used in place."""

from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

_PARTS = (
    *("dbt_project.yml", "profiles.yml", "analyses", "docs/dbt"),
    *("macros", "models", "seeds", "tests/dbt"),
)


class DbtProjectHook(BuildHookInterface):  # type: ignore[type-arg]
    """Adds the files that `clip-search run` needs outside a checkout."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Add the project's files where clip_search/project.py looks for them."""
        if version != "editable":
            build_data["force_include"] |= {
                part: f"clip_search/dbt_project/{part}" for part in _PARTS
            }
