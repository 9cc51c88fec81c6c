"""The dbt unit tests: each branch of each rule, on rows made for it."""

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
    "int_asked_query": "selects int_log_query; test_enrichment asks single queries",
    "int_letter_position": "reads no table; the numbers 1 to 64",
    "int_query_term": "selects int_log_query_term; test_enrichment asks single queries",
    "rejected_search_request": "renames columns of int_search_request_rejected",
    "rejected_search_result_interaction": (
        "renames columns of int_search_result_interaction_rejected"
    ),
}


def test_each_branch_of_each_rule(sample_warehouse: Warehouse) -> None:
    finished = sample_warehouse.run("dbt", "test", "--select", "test_type:unit")
    assert finished.returncode == 0, finished.stdout
    assert " 0 of " not in finished.stdout
    assert "PASS=0" not in finished.stdout


def test_every_model_has_a_unit_test_or_a_reason_for_none() -> None:
    models = {path.stem for path in MODELS.rglob("*.sql")}
    tested = {
        unit_test["model"]
        for path in MODELS.rglob("*__unit_tests.yml")
        for unit_test in yaml.safe_load(path.read_text(encoding="utf-8"))["unit_tests"]
    }
    assert models - tested == WITHOUT_UNIT_TESTS.keys()
