"""Fits the weights of rewrite_score on simulated truth, and writes their seed.

`python -m clip_search.enrich.fit WAREHOUSE=TRUTH ...` needs the extra `fit`. Each
WAREHOUSE is a SQLite file that was built on simulated logs, TRUTH the folder that the
simulator wrote beside them. Logs of several sizes, so that weights hold for small sites
too; each distinct query counts once, and each size the same.
"""

import csv
import sqlite3
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression

from clip_search.enrich.truth import intended_queries
from clip_search.project import PROJECT_ROOT

SEED = PROJECT_ROOT / "seeds" / "enrichment" / "rewrite_weight.csv"
RULES = (
    ("run_together", "log"),
    ("run_together", "word list"),
    ("space_moved", "log"),
    ("space_moved", "word list"),
    ("split", "log"),
    ("misspelled", "log"),
    ("misspelled", "word list"),
    ("same_letters", "log"),
    ("one_letter", "log"),
)
"""Rules, and where the new term is known from."""
WITHOUT_OUTCOME = ("zero_result_percent", "clicked_percent")
"""What `text_and_users` leaves out: how well the typed query fared."""


@dataclass(frozen=True)
class Candidates:
    """Candidates of one rule: features in hundredths, and which were meant."""

    features: np.ndarray
    is_meant: np.ndarray
    weight: np.ndarray


def feature_names(connection: sqlite3.Connection) -> list[str]:
    """The weighed features: the columns of the weight seed behind its bias."""
    columns = connection.execute("select name from pragma_table_info('rewrite_weight')")
    return [name for (name,) in columns][4:]


def read_candidates(
    warehouse: Path, truth: Path, rule: str, evidence: str
) -> tuple[list[str], Candidates]:
    """The candidates of one rule in a built warehouse, with their truth.

    Candidates for queries of which nobody knows the meaning are left out.
    """
    meant = intended_queries(truth)
    with sqlite3.connect(f"{warehouse.as_uri()}?mode=ro", uri=True) as connection:
        names = feature_names(connection)
        rows = connection.execute(
            f"select query_text, rewritten_text, {', '.join(names)}"  # noqa: S608
            " from rewrite_feature where rule = ? and evidence = ?"
            " order by query_text, rewritten_text",
            (rule, evidence),
        ).fetchall()
    known = [row for row in rows if row[0] in meant]
    size = len(known)
    return names, Candidates(
        np.array([row[2:] for row in known], dtype=float).reshape(size, len(names)),
        np.array([meant[row[0]] == row[1] for row in known], dtype=int),
        np.full(size, 1.0 / max(size, 1)),
    )


def fitted_weights(candidates: Candidates, ignored: Iterable[int]) -> list[int]:
    """Bias and weights in thousandths, by a regularised logistic regression.

    Args:
        candidates: What to learn from.
        ignored: The places of features that get no weight.
    """
    features = candidates.features / 100
    features[:, list(ignored)] = 0
    spread = features.std(axis=0)
    spread[spread == 0] = 1
    weight = candidates.weight * len(candidates.weight) / candidates.weight.sum()
    model = LogisticRegression(C=0.3, max_iter=5000)
    model.fit(features / spread, candidates.is_meant, sample_weight=weight)
    weights = model.coef_[0] / spread
    return [round(1000 * value) for value in (model.intercept_[0], *weights)]


def main(pairs: list[str]) -> None:
    """Fits every rule and writes the seed."""
    rows: list[list[object]] = []
    names: list[str] = []
    for rule, evidence in RULES:
        read = []
        for pair in pairs:
            warehouse, _, truth = pair.partition("=")
            names, candidates = read_candidates(Path(warehouse), Path(truth), rule, evidence)
            read.append(candidates)
        together = Candidates(
            np.concatenate([each.features for each in read]),
            np.concatenate([each.is_meant for each in read]),
            np.concatenate([each.weight for each in read]),
        )
        count, meant = len(together.is_meant), int(together.is_meant.sum())
        print(f"{rule} ({evidence}): {count:,} candidates, {meant:,} meant")
        ignored = [names.index(name) for name in WITHOUT_OUTCOME]
        rows.append(["all", rule, evidence, *fitted_weights(together, [])])
        rows.append(["text_and_users", rule, evidence, *fitted_weights(together, ignored)])
    with SEED.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["weights", "rule", "evidence", "bias", *names])
        writer.writerows(sorted(rows, key=str))


if __name__ == "__main__":
    main(sys.argv[1:])
