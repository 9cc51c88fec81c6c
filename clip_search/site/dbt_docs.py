"""dbt's own documentation of tables and lineage, as one page."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

from clip_search.project import PROJECT_ROOT

_PAGE = "static_index.html"


def build_dbt_docs(page: Path, environment: Mapping[str, str]) -> Path:
    """Build the page, and put it in place of the old one.

    Args:
        page: Where to; its folder is made.
        environment: What dbt needs to know besides what it is started with.

    Returns:
        The page.

    Raises:
        RuntimeError: dbt could not build it; the message is dbt's.
    """
    page.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=page.parent) as scratch:
        finished = subprocess.run(
            [
                str(Path(sys.executable).parent / "dbt"),
                *("docs", "generate", "--static", "--quiet"),
            ],
            cwd=PROJECT_ROOT,
            env={
                **os.environ,
                **environment,
                "DBT_PROJECT_DIR": str(PROJECT_ROOT),
                "DBT_PROFILES_DIR": str(PROJECT_ROOT),
                "DBT_TARGET_PATH": scratch,
                "DBT_LOG_PATH": scratch,
            },
            capture_output=True,
            text=True,
            check=False,
        )
        if finished.returncode != 0:
            raise RuntimeError(
                f"dbt could not build the docs:\n{finished.stdout}{finished.stderr}"
            )
        return Path(scratch, _PAGE).replace(page)
