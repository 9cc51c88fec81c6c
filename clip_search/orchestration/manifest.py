"""The dbt manifest that the DAG is drawn from, and whether it is that of these files.

Drawing the graph from a manifest takes a fraction of a second where asking dbt takes
many. The price is that a manifest can be old. So it carries a fingerprint of the
project's files, and a manifest that does not fit them is an error, which Airflow's UI
shows in the place of the DAG.
"""

import hashlib
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from clip_search.orchestration.environment import dbt_environment, manifest_path
from clip_search.project import PROJECT_ROOT

# dbt writes environment variables of this prefix into the manifest's metadata.
_CARRIER = "DBT_ENV_CUSTOM_ENV_CLIP_SEARCH_FINGERPRINT"
_CARRIED_AS = "CLIP_SEARCH_FINGERPRINT"
_FILES = ("dbt_project.yml", "profiles.yml")
_FOLDERS = {
    "models": (".sql", ".yml"),
    "seeds": (".csv", ".yml"),
    "macros": (".sql", ".yml"),
    "tests/dbt": (".sql", ".yml"),
}


class ManifestError(Exception):
    """The DAG cannot be drawn: there is no manifest, or not one of these files."""


def fingerprint(root: Path = PROJECT_ROOT) -> str:
    """The SHA-256, as hexadecimal digits, of all files that dbt makes the graph from.

    By content, not by time of change: a deployment may keep old times on new files.
    """
    digest = hashlib.sha256()
    paths = [root / name for name in _FILES]
    for folder, endings in _FOLDERS.items():
        found = (root / folder).rglob("*")
        paths.extend(path for path in found if path.suffix in endings)
    for path in sorted(paths):
        digest.update(path.relative_to(root).as_posix().encode() + b"\0")
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def fresh_manifest() -> Path:
    """The path of the manifest, if it is one of the project as it is now.

    Raises:
        ManifestError: It is missing, unreadable or stale. The message says what to do.
    """
    path = manifest_path()
    remedy = "Write it anew with 'make manifest'; do so at every deployment."
    if not path.is_file():
        raise ManifestError(f"There is no dbt manifest at {path}. {remedy}")
    try:
        carried = json.loads(path.read_bytes())["metadata"]["env"].get(_CARRIED_AS)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise ManifestError(
            f"The dbt manifest at {path} cannot be read. {remedy}"
        ) from error
    if carried != fingerprint():
        raise ManifestError(
            f"The dbt manifest at {path} is stale: models, seeds, macros, tests or "
            f"settings of {PROJECT_ROOT} have changed since it was written. {remedy}"
        )
    return path


def write_manifest() -> Path:
    """Let dbt parse the project, and put its manifest in place of the old one.

    Raises:
        ManifestError: dbt found a mistake in the project. The old manifest stays.
    """
    path = manifest_path()
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=path.parent) as scratch:
        finished = subprocess.run(
            [str(Path(sys.executable).parent / "dbt"), "parse", "--quiet"],
            cwd=PROJECT_ROOT,
            env={
                **os.environ,
                **dbt_environment(),
                "DBT_PROJECT_DIR": str(PROJECT_ROOT),
                "DBT_PROFILES_DIR": str(PROJECT_ROOT),
                "DBT_TARGET_PATH": scratch,
                "DBT_LOG_PATH": scratch,
                _CARRIER: fingerprint(),
            },
            capture_output=True,
            text=True,
            check=False,
        )
        if finished.returncode != 0:
            raise ManifestError(
                f"dbt could not parse the project:\n{finished.stdout}{finished.stderr}"
            )
        Path(scratch, "manifest.json").replace(path)
    return path
