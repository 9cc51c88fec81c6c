"""Builds the warehouse with dbt, shows its progress, and skips what has not changed."""

from clip_search.build.dbt_build import BuildError, build_warehouse, invoke_build
from clip_search.build.last_run import LastRun

__all__ = ["BuildError", "LastRun", "build_warehouse", "invoke_build"]
