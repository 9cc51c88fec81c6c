"""How many searches and days it takes to tell two systems apart.

Two-sided tests at 5 %, which find a difference that exists in 80 % of experiments. The
length is fixed in advance: who looks every day and stops at the first success finds
differences that do not exist.
"""

from dataclasses import dataclass
from math import ceil

from clip_search.engines import Connection

_Z_LEVEL = 1.959964
_Z_POWER = 0.841621
_Z_SQUARED = (_Z_LEVEL + _Z_POWER) ** 2
DAYS = 28
"""The last days of the log, from which the rates of today are taken."""
SHORTEST_DAYS = 7
"""Whole weeks have each weekday equally often."""


def shares_sample(first: float, second: float) -> float:
    """How many trials each side of an A/B test needs to tell two shares apart.

    Args:
        first: The share (0-1) of the first side.
        second: The share of the second side.
    """
    variance = first * (1 - first) + second * (1 - second)
    return _Z_SQUARED * variance / (first - second) ** 2


def mean_sample(mean: float, variance: float) -> float:
    """How many trials are needed to tell a mean from 0."""
    return _Z_SQUARED * variance / mean**2


@dataclass(frozen=True, slots=True)
class Rates:
    """The rates of today.

    Attributes:
        day_count: The days that they are taken from.
        search_count: Searches by people on these days, with results.
        user_count: How many people made them.
        clicked_count: How many searches led to a click.
        spread: How many times as much the click rate varies as if every search were by
            another user: users are assigned to a side, not searches. At least 1.
    """

    day_count: int
    search_count: int
    user_count: int
    clicked_count: int
    spread: float

    @property
    def click_rate(self) -> float:
        """The share (0-1) of searches that led to a click."""
        return self.clicked_count / self.search_count

    @property
    def searches_a_day(self) -> float:
        """Searches by people with results, a day."""
        return self.search_count / self.day_count

    def days(self, searches: float) -> int:
        """How many days have that many searches, in whole weeks."""
        weeks = ceil(searches / self.searches_a_day / SHORTEST_DAYS)
        return max(weeks, 1) * SHORTEST_DAYS


def todays_rates(connection: Connection) -> Rates | None:
    """The rates of the last days of the log; None if it has no searches.

    Args:
        connection: The built warehouse.
    """
    (row,) = connection.execute(_RATES).fetchall()
    day_count, searches, users, clicked, squares = row
    if not searches:
        return None
    rate = clicked / searches
    # The delta method for a ratio of sums over users.
    independent = searches * rate * (1 - rate)
    spread = max(float(squares) / independent, 1.0) if independent else 1.0
    return Rates(int(day_count), int(searches), int(users), int(clicked), spread)


_RATES = f"""
    with search as (
        select
            search.search_id,
            search.cuid,
            substr(search.ts, 1, 10) as search_day,
            case when click.search_id is null then 0 else 1 end as is_clicked
        from clean_search_request as search
        left join (
            select distinct search_id from clean_search_result_interaction
        ) as click
            on search.search_id = click.search_id
        where
            search.is_automated = 0
            and search.is_ts_disputed = 0
            and search.query_kind = 'text'
            and (search.total is null or search.total > 0)
    ),
    numbered as (
        select search_day, row_number() over (order by search_day desc) as number
        from search
        group by search_day
    ),
    recent as (
        select search.cuid, search.is_clicked, numbered.number
        from search
        inner join numbered on search.search_day = numbered.search_day
        where numbered.number <= {DAYS}
    ),
    share as (select 1.0 * sum(is_clicked) / count(*) as click_rate from recent),
    by_user as (
        select
            cuid, count(*) as search_count, sum(is_clicked) as clicked_count,
            max(number) as day_count
        from recent
        group by cuid
    )
    select
        max(by_user.day_count), sum(by_user.search_count), count(*),
        sum(by_user.clicked_count),
        sum(
            (by_user.clicked_count - share.click_rate * by_user.search_count)
            * (by_user.clicked_count - share.click_rate * by_user.search_count)
        )
    from by_user
    cross join share
"""  # noqa: S608
