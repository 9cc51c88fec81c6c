"""The dbt unit tests: each branch of each rule, on rows written for it."""

from lab.warehouse import Warehouse


def test_each_branch_of_each_rule(sample_warehouse: Warehouse) -> None:
    finished = sample_warehouse.run("dbt", "test", "--select", "test_type:unit")
    assert finished.returncode == 0, finished.stdout
    assert " 0 of " not in finished.stdout
    assert "PASS=0" not in finished.stdout
