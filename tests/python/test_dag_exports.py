"""The exports that a DAG's setting names: files, assets, and when they are written."""

import json
import logging
import os
from datetime import timedelta
from pathlib import Path

import pytest
from export_warehouse import small_warehouse

from clip_search.export.export_error import ExportError
from clip_search.orchestration.assets import assets_of
from clip_search.orchestration.dag import clip_search_dag
from clip_search.orchestration.dag_settings import Settings
from clip_search.orchestration.environment import DAG_ID, dag_arguments
from clip_search.orchestration.export_files import write_exports
from clip_search.orchestration.failures import LastingFailure
from clip_search.orchestration.publish import published_fingerprint
from tests.python.airflow_project import AirflowProject
from tests.python.test_dag_once import ONCE


def settings_of(folder: Path, *exports: str) -> Settings:
    return Settings(
        dag_id="small",
        logs="",
        target="sqlite",
        database=folder / "target" / "clip_search.db",
        wait=timedelta(),
        folder=folder,
        exports=exports,
    )


@pytest.fixture(autouse=True)
def own_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "environ", os.environ.copy())


def test_the_named_exports_are_written_and_their_ledgers_logged(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    small_warehouse(tmp_path / "target")
    settings = settings_of(tmp_path, "lookup-csv", "datasette")
    settings.apply()
    file = tmp_path / "exports" / "lookup-csv.csv"
    file.parent.mkdir()
    file.write_text("somebody changed it")
    caplog.set_level(logging.INFO)

    found = write_exports(settings)

    assert file.read_text().startswith("query_text,rewritten_text")
    assert found["lookup-csv"]["path"] == str(file)
    (ledger,) = found["lookup-csv"]["marts"]
    assert (ledger["mart"], ledger["row_count"], ledger["written"]) == (
        *("query_rewrite", 6),
        1,
    )
    assert "lookup-csv: 1  - written" in caplog.messages
    assert Path(found["datasette"]["path"]).name == "datasette.db"
    assert [path.name for path in sorted(file.parent.iterdir())] == [
        "datasette.db",
        "datasette.db.ledger.json",
        "datasette.db.metadata.json",
        "lookup-csv.csv",
        "lookup-csv.csv.ledger.json",
    ]


def test_an_export_that_cannot_be_written_fails_the_task(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    settings = settings_of(tmp_path, "lookup-csv")
    settings.apply()
    with pytest.raises(LastingFailure, match="does not exist") as failed:
        write_exports(settings)
    (finding,) = failed.value.findings
    assert finding.name == "publish"


def test_each_export_has_an_asset() -> None:
    def names(dag_id: str) -> list[str]:
        assets = assets_of(dag_id, ("solr-synonyms", "querqy"))
        return [asset.name for asset in assets.exports.values()]

    assert names(DAG_ID) == ["search_export_solr_synonyms", "search_export_querqy"]
    assert names("de")[0] == "de_search_export_solr_synonyms"


def test_an_unknown_format_is_an_error_of_the_dag(tmp_path: Path) -> None:
    with pytest.raises(ExportError, match="exports: there is no format solr"):
        clip_search_dag("other", database=tmp_path / "a.db", exports=["solr"])


def test_the_environment_names_formats_with_spaces_or_commas() -> None:
    assert dag_arguments()["exports"] == []
    os.environ["CLIP_SEARCH_EXPORTS"] = "querqy, lookup-csv algolia"
    assert dag_arguments()["exports"] == ["querqy", "lookup-csv", "algolia"]


def test_other_exports_are_something_new(tmp_path: Path) -> None:
    published = {"fingerprint": "abc", "exports": ["querqy"]}
    (tmp_path / "published.json").write_text(json.dumps(published))
    assert published_fingerprint(settings_of(tmp_path, "querqy")) == "abc"
    assert published_fingerprint(settings_of(tmp_path)) is None
    # What an earlier version has written.
    (tmp_path / "published.json").write_text('{"fingerprint": "abc"}')
    assert published_fingerprint(settings_of(tmp_path)) == "abc"


@pytest.mark.long
def test_a_run_of_the_dag_publishes_the_exports(tmp_path: Path) -> None:
    """It starts Airflow and builds the sample."""
    project = AirflowProject(tmp_path, CLIP_SEARCH_EXPORTS="solr-synonyms,ubi-events")

    finished = project.run(*ONCE)

    assert finished.returncode == 0, finished.stdout
    (rules,) = project.home.rglob("exports/solr-synonyms.txt")
    assert "query_rewrite" in rules.read_text("utf-8").splitlines()[0]
    assert len(list(rules.parent.iterdir())) == 4
    assert f"the export solr-synonyms is in {rules}" in finished.stdout
