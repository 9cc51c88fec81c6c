"""The guarantees of the project's SQLite materializations when models fail."""

import shutil
import sqlite3
from pathlib import Path

import pytest
from conftest import ROOT

from lab.warehouse import Told, dbt_in

# Each runs dbt several times.
pytestmark = pytest.mark.slow

PROJECT = """
name: clip_search
version: "1.0"
config-version: 2
profile: clip_search
models:
  +materialized: table
flags:
  send_anonymous_usage_stats: false
"""
CONTRACT = """
version: 2
models:
  - name: kept
    config:
      contract:
        enforced: true
    columns:
      - name: word
        data_type: text
        constraints:
          - type: not_null
      - name: amount
        data_type: integer
"""


class Project:
    """A dbt project on the adapter under test, with one model named `kept`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.database = folder / "kept.db"
        (folder / "models").mkdir()
        (folder / "dbt_project.yml").write_text(PROJECT, encoding="utf-8")
        shutil.copy(ROOT / "profiles.yml", folder)

    def run(self, sql: str, contract: str = "") -> Told:
        """Writes the model and runs it."""
        (self.folder / "models" / "kept.sql").write_text(sql, encoding="utf-8")
        (self.folder / "models" / "kept.yml").write_text(contract, encoding="utf-8")
        variables = {
            "CLIP_SEARCH_DATABASE": str(self.database),
            "CLIP_SEARCH_TARGET": "sqlite",
            "DBT_TARGET_PATH": "target",
        }
        return dbt_in(self.folder, variables, "run")

    def rows(self) -> list[tuple[object, ...]]:
        """The rows that readers see in `kept`."""
        with sqlite3.connect(self.database) as connection:
            return connection.execute("select * from kept order by 1").fetchall()


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return Project(tmp_path)


@pytest.fixture
def built_project(project: Project) -> Project:
    finished = project.run("select 'kite' as word, 1 as amount", CONTRACT)
    assert finished.has_succeeded, finished.said
    assert project.rows() == [("kite", 1)]
    return project


@pytest.mark.parametrize(
    ("sql", "said"),
    [
        ("select 'surf' as word", "missing columns [amount]"),
        (
            "select 'surf' as word, 2 as amount, 3 as rank",
            "columns not in the contract [rank]",
        ),
        ("select null as word, 2 as amount", "NOT NULL constraint failed: kept.word"),
        (
            "select 'surf' as word, 'many' as amount",
            "cannot store TEXT value in INTEGER column kept.amount",
        ),
        (
            "select 'surf' as word, 2.5 as amount",
            "cannot store REAL value in INTEGER column kept.amount",
        ),
    ],
    ids=["missing column", "unknown column", "null", "text for integer", "fraction"],
)
def test_a_broken_contract_is_refused_and_the_previous_table_stays(
    built_project: Project, sql: str, said: str
) -> None:
    finished = built_project.run(sql, CONTRACT)
    assert not finished.has_succeeded
    assert said in finished.said
    assert built_project.rows() == [("kite", 1)]


def test_the_order_of_columns_in_the_query_does_not_matter(
    built_project: Project,
) -> None:
    finished = built_project.run("select 2 as amount, 'surf' as word", CONTRACT)
    assert finished.has_succeeded, finished.said
    assert built_project.rows() == [("surf", 2)]


FAILS_ON_ROW_THREE = """
{{ config(materialized='table') }}
with recursive counted as (
    select 1 as amount
    union all
    select amount + 1 from counted where amount < 3
)
select 'surf' as word, case when amount = 3 then json('{') else amount end as amount
from counted
"""


def test_a_model_that_fails_half_way_leaves_the_previous_table(
    built_project: Project,
) -> None:
    finished = built_project.run(FAILS_ON_ROW_THREE)
    assert not finished.has_succeeded
    assert "malformed JSON" in finished.said
    assert built_project.rows() == [("kite", 1)]


def test_a_hook_that_fails_leaves_the_previous_table(built_project: Project) -> None:
    finished = built_project.run(
        "{{ config(materialized='table', post_hook='select * from nowhere') }}"
        "select 'surf' as word, 2 as amount"
    )
    assert not finished.has_succeeded
    assert "no such table" in finished.said
    assert built_project.rows() == [("kite", 1)]


def test_a_view_that_fails_leaves_the_previous_view(project: Project) -> None:
    view = "{{ config(materialized='view') }} select 'kite' as word"
    assert project.run(view).has_succeeded
    finished = project.run("{{ config(materialized='view') }} select select")
    assert not finished.has_succeeded
    assert project.rows() == [("kite",)]


def test_a_table_may_become_a_view_and_a_view_a_table(project: Project) -> None:
    for materialized in ("table", "view", "table"):
        config = f"{{{{ config(materialized='{materialized}') }}}}"
        finished = project.run(f"{config} select '{materialized}' as word")
        assert finished.has_succeeded, finished.said
        assert project.rows() == [(materialized,)]
