"""A session on a Spark cluster over Spark Connect, once the cluster has been checked.

A cluster that is set up in another way than the tables need may build wrong or empty
tables without any error. So its settings are read back, and rows are written and read
by its executors, before anything is built on it.
"""

from __future__ import annotations

import os
import re
import shutil
import socket
import threading
import warnings
import zipfile
from collections.abc import Callable, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from clip_search import text_rules
from clip_search.clear_error import ClearError
from clip_search.project import MissingExtraError
from clip_search.text_rules.engine_functions import engine_functions, fingerprint

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pyspark.sql import SparkSession

DEFAULT_SCHEMA = "clip_search"
PROBE_ROWS = 1000
PROBE_PREFIX = "probe-"
"""How the folders in a warehouse begin that hold the rows of a check."""

_USUAL_PORT = 15002
_CONNECT_SECONDS = 10
# About twenty seconds.
_MOST_ATTEMPTS = 6
_connecting = threading.Lock()
# At least; a large cluster gets more, so that each executor has some of them.
_PROBE_TASKS = 40
_TASK_SECONDS = 0.05
_IS_NAME = re.compile(r"[a-z_][a-z0-9_]*")
SETTINGS = {
    # dbt-spark turns ANSI mode off; SQL must behave the same everywhere.
    "spark.sql.ansi.enabled": "false",
    "spark.sql.session.timeZone": "UTC",
    # Otherwise Spark treats `${HOME}` in a user's query as a variable.
    "spark.sql.variable.substitute": "false",
    # It would copy the rows that are gone into each generation of a table.
    "spark.sql.optimizer.excludedRules": (
        "org.apache.spark.sql.catalyst.optimizer.PushDownLeftSemiAntiJoin"
    ),
    "spark.sql.caseSensitive": "false",
    "spark.sql.parser.quotedRegexColumnNames": "false",
    "spark.sql.storeAssignmentPolicy": "ANSI",
    "spark.sql.sources.partitionOverwriteMode": "STATIC",
    # A missing file must be an error, not a table with fewer rows.
    "spark.sql.files.ignoreMissingFiles": "false",
    "spark.sql.files.ignoreCorruptFiles": "false",
    "spark.sql.legacy.timeParserPolicy": "CORRECTED",
    # The text rules would fill megabytes of plans written as text.
    "spark.sql.debug.maxToStringFields": "0",
}
"""What every session is set to, whatever the server's own settings are."""


class ClusterRefusedError(ClearError):
    """The cluster would build other tables than the logs call for, or none."""


def remote() -> str | None:
    """The address of the cluster, `CLIP_SEARCH_SPARK_REMOTE`, if one is named."""
    return os.environ.get("CLIP_SEARCH_SPARK_REMOTE") or None


def schema_name() -> str:
    """The schema of the tables on a cluster: `CLIP_SEARCH_SPARK_SCHEMA`.

    Raises:
        ClusterRefusedError: It is not a plain name.
    """
    name = os.environ.get("CLIP_SEARCH_SPARK_SCHEMA") or DEFAULT_SCHEMA
    if not _IS_NAME.fullmatch(name):
        raise ClusterRefusedError(
            f"CLIP_SEARCH_SPARK_SCHEMA is {name}, which is not a plain name",
            remedy="Use lower-case letters, digits and underscores only.",
        )
    return name


def connected_session(address: str, database: Path, *, writes: bool) -> SparkSession:
    """This process's session on a cluster, connected and checked if necessary.

    Args:
        address: Spark Connect's address, such as `sc://host:15002`.
        database: The folder of the tables, on storage that this machine and all of the
            cluster's share.
        writes: Whether tables will be written, so that the storage is checked too.

    Raises:
        ClusterRefusedError: The cluster cannot be reached, or would build wrong tables;
            the message says why.
        MissingExtraError: pyspark, or what it needs to connect, is missing.
    """
    # dbt opens a connection in each of its threads; all of them share the session.
    with _connecting:
        session = _session(address)
        checked: set[Any] = session.__dict__.setdefault("_clip_search_checked", set())
        if "session" not in checked:
            with _explained(address):
                _check_versions(session)
                _set_and_check_settings(session)
                _ship_text_rules(session)
            checked.add("session")
        if database not in checked:
            with _explained(address):
                _use_schema(session, database)
            checked.add(database)
        if writes and (database, "writes") not in checked:
            with _explained(address):
                _check_text_rules(session)
                check_storage(session, database)
            checked.add((database, "writes"))
        return session


def check_storage(session: SparkSession, database: Path) -> None:
    """Check that driver, executors and this machine share the folder of the tables.

    Spark's executors write where they run. On a worker that has a folder of its own at
    this path, they succeed, and the table holds none of their rows.

    Args:
        session: A session on the cluster.
        database: The folder of the tables.

    Raises:
        ClusterRefusedError: Rows that one of them wrote are missing for another.
    """
    with _explained(remote() or "this address"):
        _check_storage(session, database)


def create_counted_table(session: SparkSession, name: str, query: str) -> None:
    """Create a table from a query, and check that its files hold every row.

    A worker that joined after the storage was checked may write where nobody reads.

    Args:
        session: A session on the cluster.
        name: The table, with its schema.
        query: The query.

    Raises:
        ClusterRefusedError: Rows are missing; the table is dropped.
    """
    from pyspark.sql import Observation
    from pyspark.sql.functions import count, lit

    computed = Observation()
    rows = session.sql(query).observe(computed, count(lit(1)).alias("row_count"))
    rows.write.format("parquet").saveAsTable(name)
    check_count(session, name, computed.get["row_count"])


def check_count(
    session: SparkSession, name: str, row_count: int, where: str = "true"
) -> None:
    """Check that the files of a table hold as many rows as were written to it.

    Args:
        session: A session on the cluster.
        name: The table, which is dropped if they do not and it has no other rows.
        row_count: How many rows were written.
        where: The condition that selects them.

    Raises:
        ClusterRefusedError: There are more or fewer.
    """
    from pyspark.errors import PySparkException

    try:
        found = f"{session.table(name).where(where).count():,}"
    except PySparkException as error:
        found = f"what cannot be read ({str(error).splitlines()[0]})"
    if found == f"{row_count:,}":
        return
    if where == "true":
        session.sql(f"drop table {name}")
    raise ClusterRefusedError(
        f"{row_count:,} rows were written to {name}, and its files hold {found}",
        remedy="A worker does not share the storage. Mount it there at the path of"
        " CLIP_SEARCH_DATABASE, or stop that worker, then run this again.",
    )


def _check_storage(session: SparkSession, database: Path) -> None:
    import pyarrow as arrow
    import pyarrow.parquet as parquet

    task_count = max(_PROBE_TASKS, 2 * _core_count(session))
    row_count = max(PROBE_ROWS, task_count)
    remedy = (
        "Mount the same storage at this path on this machine, on the Connect server's"
        " and on every worker, writable by the user that Spark runs as."
    )
    with TemporaryDirectory(prefix=PROBE_PREFIX, dir=database) as probe:
        here = Path(probe, "from_here")
        here.mkdir()
        for number in range(_PROBE_TASKS):
            rows = range(number, row_count, _PROBE_TASKS)
            parquet.write_table(arrow.table({"id": rows}), here / f"{number}.parquet")
        seen = _count(session, here)
        if seen != row_count:
            raise ClusterRefusedError(
                f"of {row_count:,} rows written on this machine, the cluster's"
                f" executors read {seen:,}",
                remedy=remedy,
                place=database,
            )
        there = Path(probe, "from_executors")
        _write_on_executors(session, there, row_count, task_count)
        seen = _count(session, there)
        landed = sum(
            parquet.read_metadata(file).num_rows for file in there.glob("*.parquet")
        )
        if seen != row_count or landed != row_count:
            raise ClusterRefusedError(
                f"the cluster's executors wrote {row_count:,} rows; they read back"
                f" {seen:,}, and this machine {landed:,}: a table would lack rows"
                " without any error",
                remedy=remedy,
                place=database,
            )
        shutil.rmtree(there)


def _session(address: str) -> SparkSession:
    _check_reachable(address)
    os.environ["SPARK_CONNECT_MODE_ENABLED"] = "1"
    # Of the versions of pandas that it supports, which is not used here, and the like.
    for kind in (FutureWarning, UserWarning):
        warnings.filterwarnings("ignore", category=kind, module=r"pyspark\.")
    try:
        from pyspark.sql.connect.client.retries import DefaultPolicy
        from pyspark.sql.connect.session import SparkSession as RemoteSession
    except ImportError as error:
        raise MissingExtraError("pyspark[connect]", "spark") from error
    with _explained(address):
        session: Any = RemoteSession.builder.remote(address).getOrCreate()
    # A server that has gone takes the session with it: ten minutes of attempts would
    # only delay the error, and the end of this process.
    session.client.set_retry_policies([DefaultPolicy(max_retries=_MOST_ATTEMPTS)])
    return session  # type: ignore[no-any-return]


def _check_reachable(address: str) -> None:
    parts = urlsplit(address)
    try:
        host, port = parts.hostname, parts.port or _USUAL_PORT
    except ValueError:
        host = None
    if parts.scheme != "sc" or not host:
        raise ClusterRefusedError(
            f"CLIP_SEARCH_SPARK_REMOTE is {address}, which is no address",
            remedy="Set it to the Connect server's, such as sc://host:15002.",
        )
    # Spark itself tries again for ten minutes.
    try:
        socket.create_connection((host, port), _CONNECT_SECONDS).close()
    except OSError as error:
        raise ClusterRefusedError(
            f"there is no Spark Connect server at {host}:{port}: {error}",
            remedy="Start it (sbin/start-connect-server.sh), or correct"
            " CLIP_SEARCH_SPARK_REMOTE. To try one on this machine:"
            " clip-search cluster -- COMMAND",
        ) from error


def _check_versions(session: SparkSession) -> None:
    import pyspark

    here, there = pyspark.__version__, session.version
    if here.split(".")[:2] != there.split(".")[:2]:
        raise ClusterRefusedError(
            f"the cluster runs Spark {there}, and pyspark here is {here}",
            remedy="Use the same minor version on both sides.",
        )


def _set_and_check_settings(session: SparkSession) -> None:
    wanted = {**SETTINGS, **_partitions()}
    for name, value in wanted.items():
        session.conf.set(name, value)
    check_settings(session, wanted)


def _partitions() -> Mapping[str, str]:
    # Their default suits one machine; a cluster has its own.
    partitions = os.environ.get("CLIP_SEARCH_SPARK_PARTITIONS")
    return {"spark.sql.shuffle.partitions": partitions} if partitions else {}


def check_settings(session: SparkSession, wanted: Mapping[str, str]) -> None:
    """Check the settings that a session has, and what they do.

    Args:
        session: A session on the cluster.
        wanted: Parameters by name.

    Raises:
        ClusterRefusedError: One of them is different.
    """
    for name, value in wanted.items():
        found = session.conf.get(name, "not set")
        if str(found).lower() != value.lower():
            raise ClusterRefusedError(
                f"the cluster's {name} is {found}, and stays so",
                remedy=f"Set it to {value} in the Connect server's configuration.",
            )
    told = session.sql(
        r"select '${HOME}', 'a\nb', cast('x' as int),"
        " cast(timestamp '2020-03-10T12:00:00Z' as string)"
    ).collect()[0]
    if tuple(told) != ("${HOME}", "a\nb", None, "2020-03-10 12:00:00"):
        raise ClusterRefusedError(
            "the cluster reads SQL in another way: of ${HOME}, a line break, the text x"
            f" as a number, and 12:00 UTC, it made {tuple(told)}",
            remedy="Check the Connect server's configuration, and what changes"
            " statements on their way: "
            + ", ".join(f"{name}={value}" for name, value in wanted.items()),
        )


def _use_schema(session: SparkSession, database: Path) -> None:
    schema = schema_name()
    tables = (database / "tables" / schema).as_uri()
    session.sql(f"create schema if not exists {schema} location '{_quoted(tables)}'")
    described = session.sql(f"describe schema {schema}").collect()
    place = next(row[1] for row in described if str(row[0]).lower() == "location")
    if urlsplit(place).path.rstrip("/") != urlsplit(tables).path:
        raise ClusterRefusedError(
            f"the schema {schema} holds tables in {place}, not in {tables}",
            remedy="Set CLIP_SEARCH_DATABASE to the folder of this schema, or"
            " CLIP_SEARCH_SPARK_SCHEMA to another name.",
            place=database,
        )
    session.sql(f"use {schema}")


def _quoted(text: str) -> str:
    return text.replace("\\", "\\\\").replace("'", "\\'")


def _ship_text_rules(session: SparkSession) -> None:
    """Sends the text rules to the executors, which need not have this package."""
    from clip_search.text_rules.spark_functions import register_on_spark

    with TemporaryDirectory() as folder:
        # A session refuses other content under a name that it knows.
        package = Path(folder, f"clip_search_text_rules_{fingerprint()[:12]}.zip")
        write_text_rules(package)
        session.addArtifacts(str(package), pyfile=True)
    register_on_spark(session)


def write_text_rules(package: Path) -> None:
    """Write the text rules as a ZIP file that Python can import.

    Args:
        package: The file to write.
    """
    folder = Path(text_rules.__file__).parent
    with zipfile.ZipFile(package, "w", zipfile.ZIP_DEFLATED) as archive:
        # The same bytes each time: entries have the oldest time that the form allows.
        archive.writestr(zipfile.ZipInfo("clip_search/__init__.py"), "")
        for path in sorted((*folder.glob("*.py"), *folder.glob("data/*.csv"))):
            name = f"clip_search/text_rules/{path.relative_to(folder)}"
            archive.writestr(zipfile.ZipInfo(name), path.read_bytes())


def _check_text_rules(session: SparkSession) -> None:
    """Compares what the executors make of a text with what this machine does."""
    text = "mail me＠example．com or +49 170 1234567"
    for name in ("redact_text", "normalize_query_text"):
        call = next(each.call for each in engine_functions() if each.name == name)
        # A column, or Spark would compute it without an executor.
        found = session.sql(
            f"select {name}(text) from values ('{text}') as typed (text)"  # noqa: S608
        ).collect()[0][0]
        if found != call(text):
            raise ClusterRefusedError(
                f"the executors' {name} gives other text than this machine's",
                remedy="Use the same minor version of Python on the workers, and do"
                " not install clip-search on them.",
            )


def _count(session: SparkSession, folder: Path) -> int:
    """The rows of Parquet files, as the executors read them."""
    frame = session.read.parquet(folder.as_uri())
    # The sum keeps Spark from counting by the files' footers alone.
    found = frame.selectExpr("count(*)", "sum(id)").collect()[0]
    return int(found[0])


def _core_count(session: SparkSession) -> int:
    """How many tasks the cluster runs at the same time, as far as it knows."""
    parts = session.range(100_000).selectExpr("spark_partition_id() as part")
    return int(parts.selectExpr("max(part)").collect()[0][0]) + 1


def _write_on_executors(
    session: SparkSession, folder: Path, row_count: int, task_count: int
) -> None:
    from pyspark.sql.functions import udf

    slow = udf(_slowly(_TASK_SECONDS * task_count / row_count), "long")
    frame = session.range(0, row_count, 1, task_count)
    frame.select(slow("id").alias("id")).write.parquet(folder.as_uri())


def _slowly(pause: float) -> Callable[[int], int]:
    """Makes a task last so long that the next ones run on other executors."""

    def called(number: int) -> int:
        import time

        time.sleep(pause)
        return number

    return called


@contextmanager
def _explained(address: str) -> Iterator[None]:
    """Replaces what Spark says about its cluster with an error for people."""
    from pyspark.errors import PySparkException

    try:
        yield
    except PySparkException as error:
        raise _clear(str(error), address) from error


def _clear(said: str, address: str) -> ClusterRefusedError:
    first = next(iter(said.strip().splitlines()), "no reason given")
    if re.search(r"PATH_NOT_FOUND|FileNotFound|FILE_NOT_EXIST|does not exist", said):
        return ClusterRefusedError(
            f"the cluster does not see the files of this machine: {first}",
            remedy="Mount the same storage at the path of CLIP_SEARCH_DATABASE on this"
            " machine, on the Connect server's and on every worker.",
        )
    if "PYTHON_VERSION_MISMATCH" in said:
        return ClusterRefusedError(
            f"the workers have another Python: {first}",
            remedy="Use the same minor version there, and name it in the Connect"
            " server's PYSPARK_PYTHON.",
        )
    return ClusterRefusedError(
        f"the cluster at {address} reported an error: {first}",
        remedy="See the log of the Connect server for more.",
    )
