"""Starts Spark with the parameters of profiles.yml."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml
from jinja2 import Environment

from clip_search.clear_error import ClearError
from clip_search.engines.spark_cluster import connected_session, remote
from clip_search.project import PROJECT_ROOT, MissingExtraError

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

_PROFILES = PROJECT_ROOT / "profiles.yml"


class NoJavaError(ClearError):
    """Spark cannot be started, because there is no Java."""


def spark_session(database: Path | None, *, writes: bool = False) -> SparkSession:
    """The Spark session of this process, started or connected if necessary.

    Args:
        database: The warehouse's folder; without one, tables last only as long as the
            process.
        writes: Whether tables will be written, so that a cluster's storage is checked.

    Raises:
        NoJavaError: Java is missing.
        MissingExtraError: pyspark is missing.
        ClusterRefusedError: A cluster is named that cannot be used.
    """
    if database and (address := remote()):
        return connected_session(address, database, writes=writes)
    catalog = "hive" if database else "in-memory"
    return started_session(spark_parameters(database), catalog)


def started_session(parameters: Mapping[str, str], catalog: str) -> SparkSession:
    """The Spark session of this process, with the text rules registered.

    Args:
        parameters: Spark parameters by name.
        catalog: `hive`, or `in-memory`, whose tables end with the process.

    Raises:
        NoJavaError: Java is missing.
        MissingExtraError: pyspark is missing.
    """
    check_java()
    try:
        from pyspark.sql import SparkSession
    except ImportError as error:
        raise MissingExtraError("pyspark", "spark") from error
    os.environ.setdefault("SPARK_LOCAL_IP", "127.0.0.1")
    # The text rules run in Python processes that Spark starts.
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    builder = SparkSession.builder.config("spark.sql.catalogImplementation", catalog)
    for name, value in parameters.items():
        builder = builder.config(name, value)
    session = builder.getOrCreate()
    if not session.catalog.functionExists("text_rules_fingerprint"):
        from clip_search.text_rules.spark_functions import register_on_spark

        register_on_spark(session)
    return session


def check_java() -> None:
    """Check that there is a Java to start Spark with.

    Raises:
        NoJavaError: There is none.
    """
    if not os.environ.get("JAVA_HOME") and shutil.which("java") is None:
        raise NoJavaError(
            "Spark needs Java 17 or 21, and there is no java command",
            remedy="Install one (Debian: apt-get install openjdk-17-jre-headless),"
            " or set JAVA_HOME to its folder.",
        )


def spark_parameters(database: Path | None = None) -> dict[str, str]:
    """The parameters of the target `spark` in profiles.yml, as dbt reads them.

    Args:
        database: The warehouse's folder, if it is not the configured one.
    """

    def env_var(name: str, default: str) -> str:
        if database and name == "CLIP_SEARCH_DATABASE":
            return str(database)
        return os.environ.get(name, default)

    environment = Environment(autoescape=False)  # noqa: S701 - YAML of ours, no HTML
    environment.filters["as_number"] = float
    template = environment.from_string(_PROFILES.read_text(encoding="utf-8"))
    rendered = template.render(env_var=env_var)
    outputs: dict[str, Any] = yaml.safe_load(rendered)["clip_search"]["outputs"]
    parameters: dict[str, str] = outputs["spark"]["server_side_parameters"]
    # dbt-spark turns ANSI mode off; SQL must behave the same here.
    return {**parameters, "spark.sql.ansi.enabled": "false"}
