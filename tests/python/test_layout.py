"""The layers of the project: allowed dependencies, and names that show the layer."""

import re
from collections import Counter
from graphlib import TopologicalSorter
from pathlib import Path

import yaml

from clip_search.logs import LOGS

ROOT = Path(__file__).resolve().parents[2]
REF = re.compile(r"""\b(?:ref|rows_to_judge|raw_rows)\(\s*'(\w+)'""")
READS_RAW_ROWS = re.compile(r"raw_log\(|source\('landing', 'landed_")


def folder_graph() -> dict[str, set[str]]:
    """The folders of models, each with the folders that its models read from."""
    models = {path.stem: path for path in (ROOT / "models").rglob("*.sql")}
    staged = {name.removeprefix("stg_"): path for name, path in models.items()}
    graph: dict[str, set[str]] = {}
    for path in models.values():
        folder = path.parent.relative_to(ROOT / "models").as_posix()
        read = REF.findall(path.read_text("utf-8"))
        parents = {models.get(name) or staged.get(name) for name in read} - {None}
        graph.setdefault(folder, set()).update(
            parent.parent.relative_to(ROOT / "models").as_posix()
            for parent in parents
            if parent is not None and parent.parent != path.parent
        )
    return graph


def test_the_folders_of_models_have_no_cycle() -> None:
    graph = folder_graph()
    order = list(TopologicalSorter(graph).static_order())
    assert order[0] == "staging", graph
    assert order[-1] == "marts", graph
    assert graph["clean"] == {"staging"}


def test_only_staging_reads_raw_rows() -> None:
    reading = {
        path.parent.name
        for path in (ROOT / "models").rglob("*.sql")
        if READS_RAW_ROWS.search(path.read_text("utf-8"))
    }
    assert reading == {"staging"}


def test_no_model_reads_from_the_marts() -> None:
    assert not [f for f, parents in folder_graph().items() if "marts" in parents]


def test_marts_hold_no_intermediate_models() -> None:
    assert not list((ROOT / "models" / "marts").rglob("int_*.sql"))


def test_only_the_judging_models_know_of_single_queries() -> None:
    asking = {
        path.parent.name
        for path in (ROOT / "models").rglob("*.sql")
        if "asks_one_query" in path.read_text("utf-8")
    }
    assert asking == {"rewrite"}


def test_no_two_modules_have_the_same_name() -> None:
    names = Counter(
        path.name
        for package in ("clip_search", "lab")
        for path in (ROOT / package).rglob("*.py")
        if not path.name.startswith("__")
    )
    assert [name for name, count in names.items() if count > 1] == []


def test_no_module_asks_which_engine_it_is() -> None:
    asking = [
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "clip_search").rglob("*.py")
        if re.search(r"engine_name\(\) *[=!]=", path.read_text("utf-8"))
    ]
    assert asking == []


def test_the_sample_has_the_columns_of_the_logs() -> None:
    project = yaml.safe_load((ROOT / "dbt_project.yml").read_text("utf-8"))
    types = project["seeds"]["clip_search"]["sample"]
    for log in LOGS:
        with (ROOT / "seeds" / "sample" / f"{log.name}.csv").open() as file:
            assert tuple(file.readline().strip().split(",")) == log.required
        assert tuple(types[log.name]["+column_types"]) == log.required
