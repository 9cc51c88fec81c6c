"""The rewrites of the real sample against its labels, if both exist."""

import pytest
from conftest import REAL_SAMPLE, SHARED

from clip_search.enrich.rewrites import Rewrites
from lab.evaluate.corrections import correctness
from lab.evaluate.intended import from_labels
from lab.warehouse import Warehouse

pytestmark = pytest.mark.skipif(
    not SHARED.is_dir(),
    reason=f"the real sample is not next to this project ({SHARED})",
)


def test_rewrites_are_right_and_leave_right_queries_alone(
    real_warehouse: Warehouse,
) -> None:
    judged = from_labels(REAL_SAMPLE / "labels.csv", real_warehouse.database)
    rewrites = {
        rewrite.query_text: rewrite
        for rewrite in Rewrites(real_warehouse.database).all()
    }
    auto = correctness(judged, rewrites, frozenset({"auto"}))
    assert auto.typos == 97
    assert auto.precision >= 0.97
    assert auto.recall >= 0.57
    changed = {
        query.query_text
        for query in judged
        if not query.has_typo
        and query.query_text in rewrites
        and rewrites[query.query_text].tier == "auto"
    }
    # A user's own typo, which the labels count as correct.
    assert changed <= {"dreamming"}
    offered = correctness(judged, rewrites, frozenset({"auto", "suggest"}))
    assert offered.precision >= 0.93
    assert offered.recall >= 0.70
