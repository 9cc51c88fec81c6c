"""A task that ignores SIGTERM, and two commands, which inherit this from it."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from airflow.sdk import DAG, task

COMMAND = [sys.executable, "-c", "import time; time.sleep(600)"]
STARTS_IT = f"import subprocess; subprocess.Popen({COMMAND})"

with DAG("stubborn", schedule="@once"):

    @task
    def stay():
        """Ends only when it is killed."""
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        # Neither is in Airflow's session. One still has its parent, but not Airflow's
        # environment; with the other one it is the other way round.
        subprocess.Popen(COMMAND, env={}, start_new_session=True)
        subprocess.run([sys.executable, "-c", STARTS_IT], start_new_session=True)
        Path(os.environ["AIRFLOW_HOME"], "is_running").touch()
        time.sleep(600)

    stay()
