"""The dbt unit tests: each branch of each rule, on rows written for it."""

from pathlib import Path

import yaml

from lab.warehouse import Warehouse

MODELS = Path(__file__).parents[2] / "models"

# Models that have no rule to test, and why.
WITHOUT_UNIT_TESTS = {
    "stg_logged_search_request": "raw_log as it is; tested with the rejected rows",
    "stg_logged_search_result_interaction": (
        "raw_log as it is; tested with the rejected rows"
    ),
    "stg_logged_search_result_shown": "raw_log as it is; tested with the rejected rows",
    "int_asked_query": "selects int_log_query; test_enrichment asks single queries",
    "int_letter_position": "reads no table; the numbers 1 to 64",
    "int_query_term": "selects int_log_query_term; test_enrichment asks single queries",
    "rejected_search_request": "renames columns of int_search_request_rejected",
    "rejected_search_result_shown": (
        "renames columns of int_search_result_shown_rejected"
    ),
}


def test_a_first_build_passes_with_every_unit_test(tmp_path: Path) -> None:
    warehouse = Warehouse(tmp_path / "clip_search.db")
    # The data tests run in the builds of many other tests.
    finished = warehouse.run(
        "dbt", "build", "--exclude-resource-type", "test", "--log-level-file", "none"
    )
    assert finished.returncode == 0, finished.stdout
    passed = [line for line in finished.stdout.splitlines() if " PASS " in line]
    unit_tests = {
        unit_test["name"]
        for path in MODELS.rglob("*__unit_tests.yml")
        for unit_test in yaml.safe_load(path.read_text(encoding="utf-8"))["unit_tests"]
    }
    assert {name for name in unit_tests if any(name in line for line in passed)} == (
        unit_tests
    )


def test_every_model_has_a_unit_test_or_a_reason_for_none() -> None:
    models = {path.stem for path in MODELS.rglob("*.sql")}
    tested = {
        unit_test["model"]
        for path in MODELS.rglob("*__unit_tests.yml")
        for unit_test in yaml.safe_load(path.read_text(encoding="utf-8"))["unit_tests"]
    }
    assert models - tested == WITHOUT_UNIT_TESTS.keys()
