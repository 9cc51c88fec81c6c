"""The dbt manifest that the DAG is generated from.

Reading a manifest takes a fraction of a second, asking dbt takes seconds. But a
manifest can be stale. So the name of its folder contains a fingerprint of the project's
files, and a project that has changed gets a new manifest.
"""

import shutil
import tempfile
from pathlib import Path

from clip_search.dbt_command import lend_parsed_project, run_dbt
from clip_search.orchestration.environment import airflow_home
from clip_search.project import files_fingerprint

_NAME = "manifest.json"


class ManifestError(Exception):
    """The DAG cannot be generated, because dbt found an error in the project."""


def current_manifest(target: str) -> Path:
    """The manifest of the project as it is now, written first if there is none.

    Args:
        target: The engine, on which the manifest depends.

    Returns:
        The manifest, alone in its folder.

    Raises:
        ManifestError: dbt found an error in the project.
    """
    manifests = airflow_home() / "clip_search" / "manifests"
    folder = manifests / f"{target}-{files_fingerprint()[:16]}"
    if not (folder / _NAME).is_file():
        manifests.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=manifests) as scratch:
            _parse(Path(scratch), target, manifests / f"parsed-{target}")
            written = Path(scratch, "written")
            written.mkdir()
            Path(scratch, _NAME).rename(written / _NAME)
            _forget_others(manifests, target)
            try:
                written.rename(folder)
            except OSError:
                # Another process was faster, and has written the same.
                if not (folder / _NAME).is_file():
                    raise
    return folder / _NAME


def _parse(scratch: Path, target: str, parsed: Path) -> None:
    """Write the manifest; only what has changed since the last time is parsed."""
    lend_parsed_project(parsed, scratch)
    environment = {"CLIP_SEARCH_TARGET": target, "DO_NOT_TRACK": "1"}
    try:
        run_dbt(["parse", "--quiet"], scratch, environment)
    except RuntimeError as error:
        raise ManifestError(f"dbt could not parse the project:\n{error}") from error
    shutil.rmtree(parsed, ignore_errors=True)
    lend_parsed_project(scratch, parsed)


def _forget_others(manifests: Path, target: str) -> None:
    """Delete the manifests of earlier projects on the same engine."""
    for folder in manifests.glob(f"{target}-*"):
        shutil.rmtree(folder, ignore_errors=True)
