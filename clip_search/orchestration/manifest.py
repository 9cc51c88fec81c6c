"""The dbt manifest that the DAG is generated from, and a check that it is current.

Reading a manifest takes a fraction of a second; asking dbt takes many seconds. But a
manifest can be stale. So it contains a fingerprint of the project's files, and a
manifest that does not match them is an error, which Airflow's UI shows in place of the
DAG.
"""

import json
import tempfile
from pathlib import Path

from clip_search.dbt_command import run_dbt
from clip_search.orchestration.environment import dbt_environment, manifest_path
from clip_search.project import PROJECT_ROOT, files_fingerprint

# dbt writes environment variables with this prefix to the manifest's metadata.
_CARRIER = "DBT_ENV_CUSTOM_ENV_CLIP_SEARCH_FINGERPRINT"
_CARRIED_AS = "CLIP_SEARCH_FINGERPRINT"


class ManifestError(Exception):
    """The DAG cannot be generated: the manifest is missing, unreadable or stale."""


def fresh_manifest() -> Path:
    """The path of the manifest, if it matches the project's files.

    Raises:
        ManifestError: It is missing, unreadable or stale. The message says what to do.
    """
    path = manifest_path()
    remedy = "Write it again with 'make manifest', and do so at every deployment."
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
    """Let dbt parse the project, and replace the old manifest.

    Raises:
        ManifestError: dbt found an error in the project. The old manifest stays.
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
