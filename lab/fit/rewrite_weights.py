"""Fits the weights of rewrite_score on simulated truth, and writes their seed.

`make fit` generates the logs, builds them and calls this (`fit_worlds`). The weights
are learned from logs of the simulator and of `word_world`, of many sizes, together.

If the new term is known from the log, all candidates have the same weight. If it is
known only from the word list, half of the weight is that of queries that are judged as
new, as most typos are typed once. In the other half all logs have the same weight, and
the word worlds make up most of it: otherwise the few words of the simulated site would
teach that a word which is not in the log is never meant.
"""

import csv
import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression

from clip_search.project import PROJECT_ROOT
from lab.evaluate.intended_queries import intended_queries

SEED = PROJECT_ROOT / "seeds" / "enrichment" / "rewrite_weight.csv"
RULES = (
    ("run_together", ("log",)),
    ("run_together", ("word list",)),
    ("run_together_name", ("log", "word list")),
    ("space_moved", ("log",)),
    ("space_moved", ("word list",)),
    ("split", ("log",)),
    ("split", ("word list",)),
    ("misspelled", ("log",)),
    ("misspelled", ("word list",)),
    ("same_letters", ("log",)),
    ("one_letter", ("log",)),
)
"""Rules and sources of the new term; there are too few run-together names to split."""
KEPT_RULES = ("joined_words", "misspelled_twice")
"""Rules whose rows stay as they are, because these worlds have few such queries:
docs/enrichment.md says what their weights were fitted to."""
WORD_SHARE = 0.9
"""The share of the word worlds in the logs, for words known only from the list."""
NEW_SHARE = 0.5
"""The share of the new queries in the weight of words known only from the list."""
NOT_WEIGHED = (
    "query_text", "rewritten_text", "rule", "evidence", "term", "new_term", "typo",
    "user_count", "rewritten_user_count", "retried_user_count", "shared_clip_count",
    "is_answered",
)  # fmt: skip
"""The columns of `rewrite_feature` that are not features."""
WITHOUT_OUTCOME = ("zero_result_percent", "clicked_percent")
"""The features that `text_and_users` omits: the success of the typed query."""


@dataclass(frozen=True)
class Candidates:
    """The candidates of one rule: features in hundredths, and which ones were meant."""

    features: np.ndarray
    is_meant: np.ndarray
    weight: np.ndarray


def feature_names(connection: sqlite3.Connection) -> list[str]:
    """The features that get weights: the numeric columns of `rewrite_feature`."""
    table = connection.execute("select name from pragma_table_info('rewrite_feature')")
    return [name for (name,) in table if name not in NOT_WEIGHED]


def read_candidates(
    warehouse: Path, truth: Path, rule: str, evidences: Sequence[str]
) -> tuple[list[str], Candidates]:
    """The candidates of one rule in a built warehouse, and which ones were meant.

    Candidates for queries of unknown meaning are left out.
    """
    meant = intended_queries(truth)
    with sqlite3.connect(f"{warehouse.as_uri()}?mode=ro", uri=True) as connection:
        names = feature_names(connection)
        rows = connection.execute(
            f"select query_text, rewritten_text, {', '.join(names)}"  # noqa: S608
            " from rewrite_feature where rule = ?"
            f" and evidence in ({', '.join('?' for _ in evidences)})"
            " order by query_text, rewritten_text",
            (rule, *evidences),
        ).fetchall()
    known = [row for row in rows if row[0] in meant]
    size = len(known)
    share = 1.0 if "log" in evidences else 1.0 / max(size, 1)
    return names, Candidates(
        np.array([row[2:] for row in known], dtype=float).reshape(size, len(names)),
        np.array([meant[row[0]] == row[1] for row in known], dtype=int),
        np.full(size, share),
    )


def fitted_weights(candidates: Candidates, ignored: Iterable[int]) -> list[int]:
    """Bias and weights in thousandths, from a regularised logistic regression.

    Args:
        candidates: The training data.
        ignored: The positions of features that get no weight.
    """
    features = candidates.features / 100
    features[:, list(ignored)] = 0
    spread = features.std(axis=0)
    spread[spread == 0] = 1
    weight = candidates.weight * len(candidates.weight) / candidates.weight.sum()
    model = LogisticRegression(C=1.0, max_iter=5000)
    model.fit(features / spread, candidates.is_meant, sample_weight=weight)
    weights = model.coef_[0] / spread
    return [round(1000 * value) for value in (model.intercept_[0], *weights)]


def _kept_rows() -> list[list[object]]:
    """The rows of the seed that are not fitted again."""
    with SEED.open(encoding="utf-8", newline="") as file:
        return [[*row] for row in csv.reader(file) if row[1] in KEPT_RULES]


def _together(groups: Sequence[tuple[float, list[Candidates]]]) -> Candidates:
    """All candidates; each group has its share of the total weight."""
    found = [(share, group) for share, group in groups if group]
    every = [each for _, group in found for each in group]
    return Candidates(
        np.concatenate([each.features for each in every]),
        np.concatenate([each.is_meant for each in every]),
        np.concatenate(
            [
                share * each.weight / len(group)
                for share, group in found
                for each in group
            ]
        ),
    )


def _as_they_are(groups: Sequence[list[Candidates]]) -> Candidates:
    """All candidates with the same weight."""
    return _together([(len(group), group) for group in groups])


def write_seed(logs: Sequence[tuple[Path, Path]], new: tuple[Path, Path]) -> None:
    """Fits every rule and writes the seed.

    Args:
        logs: Warehouses (SQLite files built from simulated logs), each with the folder
            `truth` of its logs.
        new: The same for queries that were judged as new.
    """
    rows = _kept_rows()
    names: list[str] = []
    for rule, evidences in RULES:
        site: list[Candidates] = []
        words: list[Candidates] = []
        for warehouse, truth in logs:
            names, candidates = read_candidates(warehouse, truth, rule, evidences)
            is_site = (truth / "relevance.csv").exists()
            (site if is_site else words).append(candidates)
        if "log" in evidences:
            together = _as_they_are([site, words])
        else:
            _, judged = read_candidates(*new, rule, evidences)
            together = _together(
                [
                    ((1 - NEW_SHARE) * (1 - WORD_SHARE), site),
                    ((1 - NEW_SHARE) * WORD_SHARE, words),
                    (NEW_SHARE, [judged]),
                ]
            )
        count, meant = len(together.is_meant), int(together.is_meant.sum())
        known_from = " or ".join(evidences)
        print(f"{rule} ({known_from}): {count:,} candidates, {meant:,} meant")
        ignored = [names.index(name) for name in WITHOUT_OUTCOME]
        for weights, left_out in (("all", []), ("text_and_users", ignored)):
            fitted = fitted_weights(together, left_out)
            rows += [[weights, rule, evidence, *fitted] for evidence in evidences]
    with SEED.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["weights", "rule", "evidence", "bias", *names])
        writer.writerows(sorted(rows, key=str))
