"""Puts the dbt project into the wheel. A checkout is used where it is."""

from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

_PARTS = (
    *("dbt_project.yml", "profiles.yml", "analyses", "docs/dbt"),
    *("macros", "models", "seeds", "tests/dbt"),
)


class DbtProjectHook(BuildHookInterface):  # type: ignore[type-arg]
    """Copies what `clip-search run` builds outside of a checkout."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Add the project's files, as clip_search/project.py looks for them."""
        if version != "editable":
            build_data["force_include"] |= {
                part: f"clip_search/dbt_project/{part}" for part in _PARTS
            }
