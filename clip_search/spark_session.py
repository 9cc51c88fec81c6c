"""Spark as this project starts it: by the parameters of profiles.yml."""

import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml
from jinja2 import Environment

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

_PROFILES = Path(__file__).resolve().parents[1] / "profiles.yml"


class NoSparkError(Exception):
    """Spark cannot be started here; says what to do about it."""


def spark_session(*, is_kept: bool = True) -> "SparkSession":
    """The session of this process; started if there is none yet.

    Args:
        is_kept: Whether its tables are those of the warehouse's folder. Else they are
            gone when the process ends.

    Raises:
        NoSparkError: pyspark or Java is missing.
    """
    if not os.environ.get("JAVA_HOME") and shutil.which("java") is None:
        raise NoSparkError(
            "Spark needs Java 17 or 21, and there is no java command.\n"
            "  remedy: Install one (Debian: apt-get install openjdk-17-jre-headless),"
            " or let JAVA_HOME name its folder."
        )
    try:
        from pyspark.sql import SparkSession
    except ImportError as error:
        raise NoSparkError(
            "pyspark is not installed.\n"
            "  remedy: make run with CLIP_SEARCH_TARGET=spark installs it; or"
            " uv sync --inexact --extra spark"
        ) from error
    builder = SparkSession.builder
    for name, value in spark_parameters().items():
        builder = builder.config(name, value)
    catalog = "hive" if is_kept else "in-memory"
    return builder.config("spark.sql.catalogImplementation", catalog).getOrCreate()


def spark_parameters() -> dict[str, str]:
    """The parameters of the profile's target `spark`, as dbt reads them."""

    def env_var(name: str, default: str) -> str:
        return os.environ.get(name, default)

    rendered = (
        Environment(autoescape=False)  # noqa: S701 - YAML of ours, no HTML
        .from_string(_PROFILES.read_text(encoding="utf-8"))
        .render(env_var=env_var)
    )
    profile: dict[str, Any] = yaml.safe_load(rendered)["clip_search"]["outputs"]["spark"]
    # dbt-spark switches ANSI mode off; the same SQL must mean the same here.
    return {**profile["server_side_parameters"], "spark.sql.ansi.enabled": "false"}
