"""Elasticsearch's own types accept what is exported for it.

They are those of its client for TypeScript, whose compiler checks each exported body.
"""

import json
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from test_export_formats import equivalent, judgment, rewrite, written
from test_wheel import done

from clip_search.export.sources import Row

# Downloads sixty megabytes.
pytestmark = [
    pytest.mark.long,
    pytest.mark.skipif(shutil.which("npm") is None, reason="npm is not installed"),
]

PACKAGES = ("@elastic/elasticsearch@9.4.3", "typescript@7.0.2")
ROWS: dict[str, list[Row]] = {
    "elasticsearch-synonyms": [rewrite("ac, dc", "ac dc"), rewrite("kyte", "kite")],
    "elasticsearch-equivalents": [equivalent("hip hop", "hiphop")],
    "rank-eval": [judgment('7" kite', "c1"), judgment("kite", "c2", 1)],
    "elasticsearch-query-rules": [judgment("kite", "c1")],
}
# The type of the request, and what its address says.
REQUESTS = {
    "elasticsearch-synonyms": ("SynonymsPutSynonymRequest", {"id": "rewrites"}),
    "elasticsearch-equivalents": ("SynonymsPutSynonymRequest", {"id": "equivalents"}),
    "rank-eval": ("RankEvalRequest", {"index": "clips"}),
    "elasticsearch-query-rules": (
        "QueryRulesPutRulesetRequest",
        {"ruleset_id": "pins"},
    ),
}


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder with the client and the compiler."""
    folder = tmp_path_factory.mktemp("typescript")
    done("npm", "install", "--no-audit", "--no-fund", *PACKAGES, cwd=folder)
    yield folder
    # Many small files, which pytest would keep.
    shutil.rmtree(folder / "node_modules")


def complaints(project: Path, name: str, body: dict[str, object]) -> str:
    """What the compiler says of the body of a request; empty if nothing."""
    type_name, of_the_address = REQUESTS[name]
    source = project / "exported.ts"
    source.write_text(
        "import { estypes } from '@elastic/elasticsearch'\n"
        f"export const request: estypes.{type_name} = "
        + json.dumps({**of_the_address, **body}),
        encoding="utf-8",
    )
    finished = subprocess.run(
        [
            project / "node_modules" / ".bin" / "tsc",
            *("--noEmit", "--skipLibCheck", "--strict", source.name),
        ],
        cwd=project,
        capture_output=True,
        text=True,
        check=False,
    )
    return finished.stdout + finished.stderr


def exported(name: str, rows: Sequence[Row], folder: Path) -> dict[str, object]:
    text, kept, refused = written(name, rows, folder)
    assert (len(kept), refused) == (len(rows), {})
    body: dict[str, object] = json.loads(text)
    return body


@pytest.mark.parametrize("name", REQUESTS)
def test_the_types_of_elasticsearch_accept_the_body(
    name: str, project: Path, tmp_path: Path
) -> None:
    assert complaints(project, name, exported(name, ROWS[name], tmp_path)) == ""


@pytest.mark.parametrize("name", REQUESTS)
def test_the_types_of_elasticsearch_refuse_another_body(
    name: str, project: Path, tmp_path: Path
) -> None:
    body = exported(name, ROWS[name], tmp_path)
    ((key, items), *_) = ((k, v) for k, v in body.items() if isinstance(v, list))
    wrong = {**body, key: [{"unknown": item} for item in items]}
    assert "'\"unknown\"' does not exist in type" in complaints(project, name, wrong)
