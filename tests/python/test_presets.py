"""Each preset, on 200 records in its producer's shape with ten planted faults."""

from collections import Counter
from pathlib import Path

import pytest

from clip_search.load import load
from clip_search.mapping import mapping_of_preset, preset_names
from lab.warehouse import Warehouse
from tests.python.conftest import NewWarehouse
from tests.python.preset_samples import CLICK, ENDING, PRODUCERS, SEARCH, sample

# It has no searches and clicks: test_clip_metadata.py.
OF_CLIPS = "vimeo"
MAIN_PRESETS = ("ubi", "ga4", "generic")


def loaded(preset: str, folder: Path, warehouse: Warehouse) -> None:
    path = folder / f"events{ENDING.get(preset, '.jsonl')}"
    path.write_text(sample(preset).text, "utf-8")
    report = load([path], warehouse.database, None, mapping_of_preset(preset))
    expected = sample(preset)
    rows = {file.log: file.row_count for file in report.files if file.row_count}
    assert rows == expected.rows
    assert sum(file.left_out_count for file in report.files) == expected.left_out


def test_a_sample_has_200_records() -> None:
    for preset in (*PRODUCERS, "solr"):
        assert sample(preset).text.count("\n") == 200


def test_there_is_a_sample_of_each_preset() -> None:
    assert set(preset_names()) == {*PRODUCERS, "solr", OF_CLIPS}


@pytest.mark.parametrize("preset", sorted({*PRODUCERS, "solr"} - set(MAIN_PRESETS)))
def test_each_record_becomes_a_row_or_is_left_out(
    preset: str, tmp_path: Path, new_warehouse: NewWarehouse
) -> None:
    warehouse = new_warehouse("preset")
    loaded(preset, tmp_path, warehouse)
    if preset == "solr":
        return
    clicked = Counter(
        (str(cid), int(str(position)))
        for cid, position in warehouse.query(
            "select cid, position from landed_search_result_interaction"
            " where cid is not null and position glob '[0-9]*'"
        )
    )
    expected = Counter[tuple[str, int]]()
    for (_, cid, position), count in sample(preset).clicked.items():
        expected[cid, position] += count
    assert expected <= clicked


@pytest.mark.parametrize("preset", MAIN_PRESETS)
def test_each_row_ends_where_the_answer_key_says(
    preset: str, tmp_path: Path, new_warehouse: NewWarehouse
) -> None:
    warehouse = new_warehouse("preset")
    loaded(preset, tmp_path, warehouse)
    warehouse.build_clean_layer()
    found = Counter(
        {
            (str(log), str(outcome)): int(str(count))
            for log, outcome, count in warehouse.query(
                "select log, coalesce(reject_reason, outcome), row_count"
                " from log_ledger where outcome <> 'raw' and row_count > 0"
            )
            if log in (SEARCH, CLICK)
        }
    )
    expected = sample(preset)
    assert found == expected.outcomes
    clicked = Counter(
        warehouse.query(
            "select search.search_query, click.cid, click.position"
            " from clean_search_result_interaction as click"
            " inner join clean_search_request as search"
            " on click.search_id = search.search_id"
        )
    )
    assert clicked == expected.clicked
    ((is_inferred,),) = warehouse.query(
        "select distinct is_search_id_inferred from clean_search_request"
    )
    assert is_inferred == (preset == "ga4")
