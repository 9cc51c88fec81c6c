"""A standalone Spark cluster on this machine: a master, workers and Spark Connect.

All of it listens on the loopback interface, on free ports. Each process is started and
stopped by its own id; a worker's executors end with the worker.
"""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path

import psutil

from clip_search.clear_error import ClearError
from clip_search.engines.spark_session import check_java
from clip_search.project import MissingExtraError

LOOPBACK = "127.0.0.1"
START_SECONDS = 90
STOP_SECONDS = 20
_SERVER = "org.apache.spark.sql.connect.service.SparkConnectServer"
_MASTER = "org.apache.spark.deploy.master.Master"
_WORKER = "org.apache.spark.deploy.worker.Worker"
_LOG_SETTINGS = """\
rootLogger.level = warn
rootLogger.appenderRef.stdout.ref = console
appender.console.type = Console
appender.console.name = console
appender.console.target = SYSTEM_ERR
appender.console.layout.type = PatternLayout
appender.console.layout.pattern = %d{HH:mm:ss} %p %c{1}: %m%n%ex
"""


class ClusterError(ClearError):
    """The cluster did not start."""


@dataclass(frozen=True)
class Sizes:
    """How large the cluster is.

    Attributes:
        workers: How many workers there are, each with one executor.
        cores: How many tasks an executor runs at the same time.
        executor_memory: Memory of each executor's Java process, as Spark writes it.
        server_memory: Memory of the Connect server's Java process.
    """

    workers: int = 2
    cores: int = 1
    executor_memory: str = "1g"
    server_memory: str = "1g"


@dataclass
class Cluster:
    """A running cluster.

    Attributes:
        storage: The folder that holds the tables and their catalog.
        scratch: The folder of the logs and of everything that ends with the cluster.
        sizes: How large it is.
        master_port: Where workers join.
        connect_port: Where Spark Connect listens.
        workers: The workers' processes.
    """

    storage: Path
    scratch: Path
    sizes: Sizes
    master_port: int
    connect_port: int
    workers: list["subprocess.Popen[bytes]"] = field(default_factory=list)

    @property
    def remote(self) -> str:
        """The address of Spark Connect."""
        return f"sc://{LOOPBACK}:{self.connect_port}"

    @property
    def variables(self) -> dict[str, str]:
        """The environment variables that select this cluster."""
        return {
            "CLIP_SEARCH_TARGET": "spark",
            "CLIP_SEARCH_SPARK_REMOTE": self.remote,
            "CLIP_SEARCH_DATABASE": str(self.storage),
        }

    def start_worker(self, before: Sequence[str] = ()) -> "subprocess.Popen[bytes]":
        """Start a worker, which joins by itself.

        Args:
            before: A command that runs the worker, such as `unshare --mount`.

        Returns:
            Its process.
        """
        name = f"worker-{len(self.workers) + 1}"
        started = self._start(
            name,
            *before,
            str(_spark_home() / "bin" / "spark-class"),
            *(_WORKER, f"spark://{LOOPBACK}:{self.master_port}"),
            *("--host", LOOPBACK, "--webui-port", "0"),
            *("--cores", str(self.sizes.cores)),
            *("--memory", self.sizes.executor_memory),
            *("--work-dir", str(self.scratch / name)),
        )
        self.workers.append(started)
        return started

    def stop_workers(self) -> None:
        """Stop all workers, and their executors."""
        for worker in self.workers:
            stop(worker)

    def start_master(self) -> "subprocess.Popen[bytes]":
        """Start the master, and wait until it listens."""
        started = self._start(
            "master",
            *(str(_spark_home() / "bin" / "spark-class"), _MASTER),
            *("--host", LOOPBACK, "--port", str(self.master_port)),
            *("--webui-port", "0"),
        )
        self._wait_for(started, "master", self.master_port)
        return started

    def start_server(self, settings: Mapping[str, str]) -> "subprocess.Popen[bytes]":
        """Start Spark Connect, and wait until it listens.

        Args:
            settings: Further Spark parameters by name.
        """
        parameters = {
            "spark.connect.grpc.binding.address": LOOPBACK,
            "spark.connect.grpc.binding.port": str(self.connect_port),
            "spark.driver.host": LOOPBACK,
            "spark.driver.bindAddress": LOOPBACK,
            "spark.driver.memory": self.sizes.server_memory,
            "spark.executor.memory": self.sizes.executor_memory,
            "spark.executor.cores": str(self.sizes.cores),
            "spark.ui.enabled": "false",
            "spark.ui.showConsoleProgress": "false",
            "spark.sql.catalogImplementation": "hive",
            "spark.sql.warehouse.dir": str(self.storage / "tables"),
            "spark.hadoop.javax.jdo.option.ConnectionURL": (
                f"jdbc:derby:;databaseName={self.storage / 'catalog'};create=true"
            ),
            "spark.hadoop.hive.downloaded.resources.dir": str(
                self.scratch / "resources"
            ),
            "spark.driver.extraJavaOptions": (
                "-XX:CompileThresholdScaling=4"
                f" -Dderby.stream.error.file={self.scratch / 'derby.log'}"
            ),
            **settings,
        }
        started = self._start(
            "connect",
            str(_spark_home() / "bin" / "spark-submit"),
            *("--class", _SERVER, "--name", "clip-search"),
            *("--master", f"spark://{LOOPBACK}:{self.master_port}"),
            *(f"--conf={name}={value}" for name, value in parameters.items()),
        )
        self._wait_for(started, "connect", self.connect_port)
        return started

    def log_of(self, name: str) -> Path:
        """The log of a process: `master`, `worker-1` or `connect`."""
        return self.scratch / f"{name}.log"

    def _start(self, name: str, *command: str) -> "subprocess.Popen[bytes]":
        environment = {
            **os.environ,
            "SPARK_HOME": str(_spark_home()),
            "SPARK_CONF_DIR": str(self.scratch / "conf"),
            "SPARK_LOCAL_IP": LOOPBACK,
            "SPARK_LOCAL_DIRS": str(self.scratch / "local"),
            # Of the Connect server too, which needs more.
            "SPARK_DAEMON_MEMORY": (
                self.sizes.server_memory if name == "connect" else "256m"
            ),
            "PYSPARK_PYTHON": sys.executable,
        }
        # A server that is itself told to use a server would not start.
        for variable in ("SPARK_REMOTE", "SPARK_CONNECT_MODE_ENABLED"):
            environment.pop(variable, None)
        with self.log_of(name).open("ab") as log:
            return subprocess.Popen(
                command,
                cwd=self.scratch,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                # Ctrl-C goes to the command first; the cluster outlives it.
                start_new_session=True,
            )

    def _wait_for(
        self, process: "subprocess.Popen[bytes]", name: str, port: int
    ) -> None:
        until = time.monotonic() + START_SECONDS
        while time.monotonic() < until:
            if process.poll() is not None:
                break
            with suppress(OSError), socket.create_connection((LOOPBACK, port), 1):
                return
            time.sleep(0.2)
        lines = self.log_of(name).read_text("utf-8", "replace").splitlines()
        said = [line for line in lines if " ERROR " in line or "Exception" in line]
        raise ClusterError(
            "\n  ".join((f"Spark's {name} did not start", *said[:5])),
            remedy="Free some memory (the cluster takes about 4 GB), then try again.",
        )


@contextmanager
def spark_cluster(
    storage: Path,
    scratch: Path,
    sizes: Sizes | None = None,
    settings: Mapping[str, str] | None = None,
) -> Iterator[Cluster]:
    """A cluster on this machine, stopped at the end.

    Args:
        storage: The folder for the tables and their catalog, created if missing.
        scratch: An existing folder for logs and what ends with the cluster.
        sizes: How large it is.
        settings: Further Spark parameters of the Connect server.

    Raises:
        NoJavaError: Java is missing.
        MissingExtraError: pyspark is missing.
        ClusterError: A process did not start; the message has the end of its log.
    """
    check_java()
    storage.mkdir(parents=True, exist_ok=True)
    (scratch / "conf").mkdir(exist_ok=True)
    log_settings = scratch / "conf" / "log4j2.properties"
    log_settings.write_text(_LOG_SETTINGS, encoding="utf-8")
    cluster = Cluster(storage, scratch, sizes or Sizes(), _free_port(), _free_port())
    with ExitStack() as running:
        running.callback(stop, cluster.start_master())
        running.callback(cluster.stop_workers)
        for _ in range(cluster.sizes.workers):
            cluster.start_worker()
        running.callback(stop, cluster.start_server(settings or {}))
        yield cluster


def stop(process: "subprocess.Popen[bytes]") -> None:
    """Stop a process and those that it has started, by their ids."""
    if process.poll() is not None:
        return
    started = descendants(process.pid)
    process.send_signal(signal.SIGTERM)
    with suppress(subprocess.TimeoutExpired):
        process.wait(STOP_SECONDS)
    _, alive = psutil.wait_procs(started, STOP_SECONDS / 4)
    for left in (*alive, *([] if process.poll() is not None else [process])):
        with suppress(psutil.NoSuchProcess):
            left.kill()
    process.wait()


def descendants(pid: int) -> list[psutil.Process]:
    """The running processes that a process has started, and those that they have."""
    try:
        found: list[psutil.Process] = psutil.Process(pid).children(recursive=True)
    except psutil.NoSuchProcess:
        return []
    return found


def _spark_home() -> Path:
    found = find_spec("pyspark")
    if found is None or found.origin is None:
        raise MissingExtraError("pyspark", "spark")
    return Path(found.origin).parent


def _free_port() -> int:
    with socket.socket() as free:
        free.bind((LOOPBACK, 0))
        return int(free.getsockname()[1])


def is_possible() -> bool:
    """Whether this machine has Java and pyspark."""
    return find_spec("pyspark") is not None and shutil.which("java") is not None
