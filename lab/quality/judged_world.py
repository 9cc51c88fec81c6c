"""One simulated world with its judgments, measured against the world's truth."""

import resource
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import log2
from pathlib import Path
from typing import Any

import duckdb

from lab.simulate import Destination, Plan, simulate
from lab.simulate.chance import Chance
from lab.simulate.faults import selected
from lab.simulate.settings import read_settings
from lab.warehouse import Warehouse

DAYS_OFF = 2
"""A change counts as dated if it is found at most this many days late."""
ASKED = 100
DRAWS = 5
FEWEST_CLICKS = 3

_PRIOR_EXPOSURE = 2.0
_FREQUENT = Path(__file__).with_name("frequent.toml")


@dataclass(frozen=True, slots=True)
class Measured:
    """What is measured in one world; None where it has no meaning.

    Attributes:
        pair_count: The pairs with a click rate.
        covered_share: The share (0-1) of their intervals that contain the truth.
        examination_error: The mean relative error of position bias.
        is_refused: Whether position bias was refused.
        ndcg: The order of clicked clips, by the name of the order.
        ordered_by: The order that the holdout chose.
        change_count: The changes of the ranking.
        dated_count: How many of them were dated.
        false_count: The days that are wrongly said to have one.
        asked_ndcg: The nDCG of grades with answers: asked for, and twice as many at
            random.
        layer_seconds: The CPU seconds of building the layer, including dbt's own.
        single_share: The share (0-1) of pairs with a single click.
    """

    pair_count: int
    covered_share: float | None
    examination_error: float | None
    is_refused: bool
    ndcg: Mapping[str, float]
    ordered_by: str
    change_count: int
    dated_count: int
    false_count: int
    asked_ndcg: tuple[float, float] | None
    layer_seconds: float
    single_share: float


@dataclass(frozen=True, slots=True)
class Site:
    """A site to simulate.

    Attributes:
        seed: The seed of its world.
        requests: Searches by people.
        rankings: How many rankings follow one another.
        concurrent: How many are in use at a time.
        kind: `broad`, as in world.toml, or `frequent`, with a tenth of the intents.
    """

    seed: int
    requests: int
    rankings: int
    concurrent: int = 1
    kind: str = "broad"


def measure(folder: Path, site: Site, engine: str = "duckdb") -> Measured:
    """Simulates a world, builds its judgments and compares them with the truth.

    Args:
        folder: A new folder for the logs and the warehouse.
        site: What to simulate.
        engine: The engine of the warehouse.
    """
    folder.mkdir(parents=True)
    world = folder / "world.toml"
    world.write_text(settings_of(site), "utf-8")
    simulate(
        Plan(site.seed, site.requests, world), Destination.in_folder(folder / "logs")
    )
    warehouse = Warehouse(folder / "judged.db", engine=engine)
    warehouse.load(
        folder / "logs" / "search_request.csv",
        folder / "logs" / "search_result_interaction.csv",
    )
    warehouse.dbt("seed", "--quiet", "--select", "+path:models/judgment")
    below = ("+path:models/judgment", "--exclude", "path:models/judgment")
    warehouse.dbt("run", "--quiet", "--select", *below)
    before = resource.getrusage(resource.RUSAGE_SELF)
    warehouse.dbt("run", "--quiet", "--select", "path:models/judgment")
    after = resource.getrusage(resource.RUSAGE_SELF)
    spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return compared(warehouse, folder / "logs" / "truth", world, spent)


def settings_of(site: Site) -> str:
    """The settings of a site, as TOML.

    No faults are planted: many of them give a search exactly one click, so that the
    positions would not be clicked as often as the truth says.
    """
    queries = "" if site.kind == "broad" else _FREQUENT.read_text("utf-8")
    engine = f"[engine]\nrankings = {site.rankings}\nconcurrent = {site.concurrent}\n"
    faults = "\n".join(f"{name} = 0" for name in selected(True, True))
    return f"{queries}\n{engine}\n[faults]\n{faults}\n"


def compared(warehouse: Warehouse, truth: Path, world: Path, spent: float) -> Measured:
    """The judgments of a warehouse against the truth.

    Args:
        warehouse: It has the judgment layer.
        truth: The folder that the simulator wrote.
        world: The settings of the world.
        spent: The CPU seconds of the layer.
    """
    connection = duckdb.connect()
    kind = " (type sqlite)" if warehouse.engine == "sqlite" else " (read_only)"
    connection.execute(f"attach '{warehouse.database}' as built{kind}")
    for name in ("search", "relevance", "examination", "ranking", "search_ranking"):
        path = truth / f"{name}.csv"
        if path.exists():
            connection.execute(
                f"create table true_{name} as "
                f"from read_csv('{path}', all_varchar = true)"
            )
    settings = read_settings(world)
    grades = ", ".join(
        f"({grade}, {share})" for grade, share in enumerate(settings.clicks.attraction)
    )
    connection.execute(
        "create table attraction as "  # noqa: S608 - numbers of ours
        f"select * from (values {grades}) as given (grade, share)"
    )
    connection.execute(_TRUTH_OF_PAIRS)
    changes, dated, false = _changes(connection)
    pairs, covered = _one(connection, _COVERAGE)
    error, known = _one(connection, _EXAMINATION_ERROR)
    single, all_pairs = _one(connection, _SINGLE)
    (ordered_by,) = _one(connection, "select ordered_by from built.judgment_holdout")
    return Measured(
        pair_count=pairs,
        covered_share=covered,
        examination_error=error,
        is_refused=known == 0,
        ndcg=_orders(connection, truth),
        ordered_by=ordered_by,
        change_count=changes,
        dated_count=dated,
        false_count=false,
        asked_ndcg=_asked(connection),
        layer_seconds=spent,
        single_share=single / max(all_pairs, 1),
    )


# The true grade and attraction of each pair: the mean over what people meant.
_TRUTH_OF_PAIRS = """
    create table meant as
    select search.query_text, truth.intent_id, count(*) as search_count
    from built.int_judged_search as search
    inner join true_search as truth using (search_id)
    group by all;
    create table pair as
    select
        judgment.query_text,
        judgment.cid,
        sum(meant.search_count * coalesce(
            case when meant.intent_id is null then 0.25 else attraction.share end, 0
        )) / sum(meant.search_count) as attraction,
        arg_max(coalesce(cast(relevance.grade as integer), 0), meant.search_count)
            as grade
    from built.judgment
    inner join meant using (query_text)
    left join true_relevance as relevance
        on meant.intent_id = relevance.intent_id and judgment.cid = relevance.cid
    left join attraction
        on attraction.grade = coalesce(cast(relevance.grade as integer), 0)
    group by all
"""
_COVERAGE = """
    with expected as (
        select
            spell.query_text,
            spell.cid,
            sum(spell.inner_trial_count * cast(seen.probability as double))
            / sum(spell.inner_trial_count) as examination
        from built.spell
        inner join true_examination as seen on spell.position = seen.position
        where spell.inner_trial_count > 0
        group by all
    )
    select
        count(*),
        avg(cast(
            examination * attraction between click_rate_low and click_rate_high
            as integer
        ))
    from built.judgment
    inner join expected using (query_text, cid)
    inner join pair using (query_text, cid)
    where click_rate is not null
"""
_EXAMINATION_ERROR = """
    with true_curve as (
        select
            cast(position as integer) as position,
            cast(probability as double)
            / first(cast(probability as double)) over (order by cast(position as int))
            as examination
        from true_examination
    )
    select
        avg(abs(bias.examination / true_curve.examination - 1)),
        count(bias.examination)
    from built.position_bias as bias
    inner join true_curve using (position)
    where bias.learned_from = 'whole_log' and position > 1
"""
_SINGLE = """
    select count(*) filter (where evidence = 'single'), count(*) from built.judgment
"""
_CHANGES = """
    select cast(day as date) from built.ranking_change where is_change = 1 order by 1
"""
_ORDERED = """
    select
        query_text, cid, place, click_count, user_count, corrected_click_count,
        pair.grade
    from built.judgment inner join pair using (query_text, cid)
"""
# What full logging of the shown lists would tell, with the true curve.
_LOGGED = """
    with told as (
        select
            search.query_text,
            shown.cid,
            sum(cast(seen.probability as double)) as exposure
        from built.int_judged_search as search
        inner join true_search as truth using (search_id)
        inner join true_search_ranking as used using (search_id)
        inner join true_shown as shown
            on used.ranking = shown.ranking and truth.query = shown.query
        inner join true_examination as seen using (position)
        group by all
    )
    select query_text, cid, exposure from told
"""
_ASKED = """
    select
        judgment.query_text,
        judgment.cid,
        judgment.search_count,
        coalesce(judgment.click_grade, 1) as click_grade,
        judgment.place,
        pair.grade,
        asked.place as asked_place
    from built.judgment
    inner join pair using (query_text, cid)
    left join built.judgment_to_ask as asked using (query_text, cid)
    where judgment.is_publishable = 1
    order by judgment.query_text, judgment.cid
"""

Row = tuple[Any, ...]


def _one(connection: duckdb.DuckDBPyConnection, sql: str) -> tuple[Any, ...]:
    return connection.execute(sql).fetchall()[0]


def _changes(connection: duckdb.DuckDBPyConnection) -> tuple[int, int, int]:
    """Changes of the ranking: true ones, those that were dated, and false ones."""
    found = [day for (day,) in connection.execute(_CHANGES).fetchall()]
    true = []
    if _has(connection, "true_ranking"):
        days = connection.execute(
            "select distinct cast(first_day as date) from true_ranking order by 1"
        ).fetchall()
        true = [day for (day,) in days[1:]]
    dated = [
        day for day in true if any(0 <= (hit - day).days <= DAYS_OFF for hit in found)
    ]
    false = [
        hit
        for hit in found
        if not any(0 <= (hit - day).days <= DAYS_OFF for day in true)
    ]
    return len(true), len(dated), len(false)


def _has(connection: duckdb.DuckDBPyConnection, table: str) -> bool:
    named = "select 1 from duckdb_tables() where table_name = ?"
    return connection.execute(named, [table]).fetchone() is not None


def _orders(connection: duckdb.DuckDBPyConnection, truth: Path) -> dict[str, float]:
    """The mean nDCG over queries, of clips with enough clicks, by each order."""
    exposure: dict[tuple[str, str], float] = {}
    if (truth / "shown.csv").exists():
        connection.execute(
            "create table true_shown as "
            f"from read_csv('{truth / 'shown.csv'}', all_varchar = true)"
        )
        exposure = {
            (query, cid): seen
            for query, cid, seen in connection.execute(_LOGGED).fetchall()
        }
    clips: dict[str, list[tuple[dict[str, float], int]]] = defaultdict(list)
    for query, cid, place, clicks, users, corrected, grade in connection.execute(
        _ORDERED
    ).fetchall():
        if clicks < FEWEST_CLICKS:
            continue
        scores = {
            "by clicks": float(clicks),
            "by users": users + clicks / 1e6,
            "corrected": corrected,
            "as published": -float(place),
        }
        if exposure:
            seen = exposure.get((query, cid), 0.0)
            scores["full logging"] = clicks / (seen + _PRIOR_EXPOSURE)
        clips[query].append((scores, grade))
    found: dict[str, list[float]] = defaultdict(list)
    for of_query in clips.values():
        if len({grade for _, grade in of_query}) < 2:
            continue
        for name in of_query[0][0]:
            scored = sorted(of_query, key=lambda clip: -clip[0][name])
            found[name].append(ndcg([grade for _, grade in scored]))
    return {name: sum(each) / len(each) for name, each in found.items()}


def ndcg(grades: Sequence[int]) -> float:
    """The nDCG of grades in the order of their clips; at least one is not 0."""
    return _dcg(grades) / _dcg(sorted(grades, reverse=True))


def _dcg(grades: Iterable[int]) -> float:
    gains = [
        (2.0**grade - 1) / log2(place + 1) for place, grade in enumerate(grades, 1)
    ]
    return sum(gains)


def _asked(connection: duckdb.DuckDBPyConnection) -> tuple[float, float] | None:
    """The nDCG of grades: with answers asked for, and with twice as many random ones.

    Pairs are ordered by their grade, and by their published place where it is equal.
    Each query counts with its searches.
    """
    rows = connection.execute(_ASKED).fetchall()
    asked = {(row[0], row[1]) for row in rows if row[6] and row[6] <= ASKED}
    if len(asked) < ASKED:
        return None
    chance = Chance(1)
    keys = [(row[0], row[1]) for row in rows]
    random = [
        _graded(rows, set(chance.shuffled(keys)[: 2 * ASKED])) for _ in range(DRAWS)
    ]
    return _graded(rows, asked), sum(random) / DRAWS


def _graded(rows: list[Row], answered: set[tuple[object, object]]) -> float:
    clips: dict[str, list[tuple[float, int, int]]] = defaultdict(list)
    weights: dict[str, int] = {}
    for query, cid, searches, click_grade, place, grade, _ in rows:
        known = grade if (query, cid) in answered else click_grade
        clips[query].append((-known, place, grade))
        weights[query] = searches
    total = weight = 0.0
    for query, of_query in clips.items():
        grades = [grade for *_, grade in sorted(of_query)]
        if len(set(grades)) > 1:
            total += weights[query] * ndcg(grades)
            weight += weights[query]
    return total / weight
