"""The dbt manifest that the DAG is drawn from, and whether it is that of these files.

Drawing the graph from a manifest takes a fraction of a second where asking dbt takes
many. The price is that a manifest can be old. So it carries a fingerprint of the
project's files, and a manifest that does not fit them is an error, which Airflow's UI
shows in the place of the DAG.
"""

import json
import tempfile
from pathlib import Path

from clip_search.dbt_command import run_dbt
from clip_search.orchestration.environment import dbt_environment, manifest_path
from clip_search.project import PROJECT_ROOT, files_fingerprint

# dbt writes environment variables of this prefix into the manifest's metadata.
_CARRIER = "DBT_ENV_CUSTOM_ENV_CLIP_SEARCH_FINGERPRINT"
_CARRIED_AS = "CLIP_SEARCH_FINGERPRINT"


class ManifestError(Exception):
    """The DAG cannot be drawn: there is no manifest, or not one of these files."""


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
    if carried != files_fingerprint():
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
        environment = {**dbt_environment(), _CARRIER: files_fingerprint()}
        try:
            run_dbt(["parse", "--quiet"], Path(scratch), environment)
        except RuntimeError as error:
            raise ManifestError(f"dbt could not parse the project:\n{error}") from error
        Path(scratch, "manifest.json").replace(path)
    return path
