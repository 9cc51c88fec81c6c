"""How search is doing: a few figures, each with its past in weeks of seven days."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import median

from clip_search.engines import Connection

WEEKS = 26
_RECENT = 4
WIDTH, HEIGHT = 120, 28
"""The size of a curve, in pixels."""

_SQL = """
    select
        substr(search.ts, 1, 10) as search_day,
        count(*) as search_count,
        count(search.total) as known_count,
        sum(case when search.total = 0 then 1 else 0 end) as nothing_count,
        sum(case when search.total > 0 and search.clip_count = 0 then 1 else 0 end)
            as ignored_count,
        sum(case when search.clip_count > 0 then 1 else 0 end) as clicked_count,
        coalesce(sum(search.best_position), 0) as position_sum
    from int_enrichable_search as search
    group by substr(search.ts, 1, 10)
    order by substr(search.ts, 1, 10)
"""
# On its own, because few queries are rewritten: joined to every search, the rewrites
# take as long as all the rest.
_REWRITTEN_SQL = """
    select substr(search.ts, 1, 10) as search_day, count(*) as rewritten_count
    from query_rewrite as rewrite
    inner join int_enrichable_search as search
        on rewrite.query_text = search.query_text
    where rewrite.tier = 'auto'
    group by substr(search.ts, 1, 10)
"""


@dataclass(frozen=True, slots=True)
class Counts:
    """What happened in a period; `+` adds periods."""

    searches: int = 0
    known: int = 0
    nothing: int = 0
    ignored: int = 0
    clicked: int = 0
    positions: int = 0
    rewritten: int = 0

    def __add__(self, other: "Counts") -> "Counts":
        """Both periods together."""
        return Counts(
            *(
                getattr(self, name) + getattr(other, name)
                for name in Counts.__dataclass_fields__
            )
        )


@dataclass(frozen=True, slots=True)
class Figure:
    """A number of the page.

    Attributes:
        name: Its name, for whoever checks the page.
        title: What it says.
        whole: Its value over the whole log.
        recent: Over the newest four weeks.
        before: Over the four weeks before.
        points: Its curve, as an SVG polyline needs it; empty without a past.
    """

    name: str
    title: str
    whole: str
    recent: str
    before: str
    points: str


@dataclass(frozen=True, slots=True)
class Mark:
    """A day on which the ranking changed.

    Attributes:
        day: The day.
        place: How far from the left it is on a curve, in pixels.
    """

    day: str
    place: str


@dataclass(frozen=True, slots=True)
class Health:
    """How search is doing.

    Attributes:
        figures: The figures; none without searches.
        since: The first day of the curves.
        until: Their last day.
        marks: The days between on which the ranking changed.
    """

    figures: list[Figure]
    since: str
    until: str
    marks: list[Mark]


def health(connection: Connection) -> Health:
    """The figures of a warehouse."""
    rewritten = dict(connection.execute(_REWRITTEN_SQL).fetchall())
    days = {
        date.fromisoformat(day): Counts(*map(int, (*counts, rewritten.get(day, 0))))
        for day, *counts in connection.execute(_SQL).fetchall()
    }
    if not days:
        return Health([], "", "", [])
    until = _last_usual_day(days)
    weeks = [_week(days, until - timedelta(7 * back)) for back in range(WEEKS)][::-1]
    whole = _added(list(days.values()))
    recent, before = _added(weeks[-_RECENT:]), _added(weeks[-2 * _RECENT : -_RECENT])
    figures = [
        Figure(
            *(name, title, _shown(name, ratio(whole)), _shown(name, ratio(recent))),
            _shown(name, ratio(before)),
            _points([ratio(week) for week in weeks]),
        )
        for name, title, ratio in _FIGURES
    ]
    since = until - timedelta(7 * WEEKS - 1)
    marks = _marks(connection, since, until)
    return Health(figures, since.isoformat(), until.isoformat(), marks)


def _marks(connection: Connection, since: date, until: date) -> list[Mark]:
    changes = connection.execute(
        "select day from ranking_change where is_change = 1 and day between ? and ?"
        " order by day",
        (since.isoformat(), until.isoformat()),
    ).fetchall()
    return [
        Mark(day, f"{_place(until - date.fromisoformat(day)):.1f}")
        for (day,) in changes
    ]


def _place(back: timedelta) -> float:
    """Where a day is on a curve, whose points are the last days of their weeks."""
    return max(0.0, WIDTH * (1 - back.days / (7 * (WEEKS - 1))))


def _last_usual_day(days: dict[date, Counts]) -> date:
    """The end of the curves: a clock that is years ahead does not move it.

    The week that ends then has at least a quarter of the searches of a usual week.
    """
    of_week = {
        day: sum(
            days[earlier].searches
            for back in range(7)
            if (earlier := day - timedelta(back)) in days
        )
        for day in days
    }
    usual = median(of_week.values()) / 4
    return max(day for day, searches in of_week.items() if searches >= usual)


def _week(days: dict[date, Counts], end: date) -> Counts:
    return _added([days.get(end - timedelta(back), Counts()) for back in range(7)])


def _added(periods: list[Counts]) -> Counts:
    return sum(periods, Counts())


def _share(part: str, whole: str) -> Callable[[Counts], float | None]:
    def ratio(counts: Counts) -> float | None:
        of: int = getattr(counts, whole)
        return float(getattr(counts, part) / of) if of else None

    return ratio


_FIGURES: tuple[tuple[str, str, Callable[[Counts], float | None]], ...] = (
    ("searches", "searches", lambda counts: counts.searches),
    ("dead_ends", "found nothing", _share("nothing", "known")),
    ("no_clicks", "found, not clicked", _share("ignored", "known")),
    ("clicked", "clicked", _share("clicked", "searches")),
    ("first_click", "first click at", _share("positions", "clicked")),
    ("rewritten", "rewritten", _share("rewritten", "searches")),
)


def _shown(name: str, value: float | None) -> str:
    if value is None:
        return "–"
    if name == "searches":
        return f"{value:,.0f}"
    return f"{value:.1f}" if name == "first_click" else f"{100 * value:.1f} %"


def _points(values: list[float | None]) -> str:
    """A curve from 0 to the largest value; weeks without a value are left out."""
    largest = max((value for value in values if value is not None), default=0) or 1
    step, height = WIDTH / (len(values) - 1), HEIGHT - 4
    return " ".join(
        f"{place * step:.1f},{2 + height * (1 - value / largest):.1f}"
        for place, value in enumerate(values)
        if value is not None
    )
