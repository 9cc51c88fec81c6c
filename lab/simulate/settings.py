"""The parameters of the synthetic world, read from world.toml.

world.toml explains each one and its unit. Another file can override any of them; all
others keep their values.
"""

import tomllib
from dataclasses import dataclass, fields
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from lab.simulate.chance import Quantiles

WORLD = Path(__file__).with_name("world.toml")
SAMPLE_WORLD = Path(__file__).with_name("sample.toml")

_FIELDS = {"name", "description", "tags", "categories", "user_name"}


class SettingsError(Exception):
    """A settings file is invalid; the message says where and why."""


@dataclass(frozen=True, slots=True)
class Traffic:
    """The number of searches and their times."""

    requests: int
    first_day: date
    last_day: date
    growth: float
    crawlers_per_100k: int
    crawler_searches: Quantiles
    one_slow_crawler_in: int
    slow_crawler_searches: Quantiles
    heavy_people_per_100k: int
    heavy_searches: Quantiles
    seconds_of_day: Quantiles


@dataclass(frozen=True, slots=True)
class People:
    """The users."""

    returning: float
    remembered: int
    new_york: int
    abroad: list[int]


@dataclass(frozen=True, slots=True)
class Clips:
    """The clips."""

    count: int
    topics: int
    makers: int
    brands: int
    with_brand: float
    with_place: float
    with_gear: float
    faithful: float
    two_clips: float
    three_clips: float
    unsaid: float
    synonym: float
    tagged: float
    without_tags: float
    without_description: float
    disappointing: float
    duration_seconds: Quantiles
    plays: Quantiles


@dataclass(frozen=True, slots=True)
class Queries:
    """The intents and how people type them."""

    kinds: list[dict[str, Any]]
    synonym: float
    typo: float
    run_together: float
    split: float
    misplaced: float
    typo_weights: dict[str, int]


@dataclass(frozen=True, slots=True)
class Sessions:
    """What a user does after a search."""

    next_after_click: float
    correct_after_typo: float
    other_words: float
    narrow: float
    next_after_nothing: float
    persistence: float
    undo: float
    undo_wrong: float
    longest: int
    seconds_to_next_search: Quantiles


@dataclass(frozen=True, slots=True)
class Engine:
    """How results are found and laid out."""

    weights: dict[str, float]
    page_size: int
    pages: int
    rankings: int
    concurrent: int
    reshuffle: float
    demotion: float
    turnover: float
    tolerates_typos: bool


@dataclass(frozen=True, slots=True)
class Clicks:
    """Which results are seen and clicked."""

    model: str
    examination: list[float]
    next_page: float
    go_on: float
    go_on_after_click: float
    attraction: list[float]
    attraction_without_intent: float
    seconds_to_click: Quantiles


@dataclass(frozen=True, slots=True)
class Logger:
    """How the site's logger records searches and clicks."""

    browser_requests: float
    browser_clicks: float
    copies: Quantiles
    transport: Quantiles
    days_wrong: Quantiles


@dataclass(frozen=True, slots=True)
class Settings:
    """All parameters; each section is documented in world.toml.

    `faults` gives for some faults how many of 2,500 searches by people have it; the
    definition of each other fault has its number.
    """

    traffic: Traffic
    people: People
    clips: Clips
    queries: Queries
    sessions: Sessions
    engine: Engine
    clicks: Clicks
    logger: Logger
    faults: dict[str, int]

    def first_day(self, turn: int) -> date:
        """The first day of the successive ranking with this number, from 0."""
        traffic, rankings = self.traffic, self.engine.rankings
        days = (traffic.last_day - traffic.first_day).days
        return traffic.first_day + timedelta(days=-(-turn * days // rankings))


def read_settings(override: Path | None = None) -> Settings:
    """The settings of world.toml, with overrides from another file.

    Args:
        override: A TOML file with some of the same sections and names.

    Raises:
        SettingsError: The file cannot be read, or a name or value in it is invalid.
    """
    tables = tomllib.loads(WORLD.read_text("utf-8"))
    if override is not None:
        _put_over(tables, override)
    try:
        settings = Settings(
            **{
                section.name: (
                    tables[section.name]
                    if section.name == "faults"
                    else _section(section.type, tables[section.name])
                )
                for section in fields(Settings)
            }
        )
    except (TypeError, ValueError, KeyError, ZeroDivisionError) as error:
        raise SettingsError(f"{override or WORLD}: {error}") from None
    _check(settings, override or WORLD)
    return settings


def _put_over(tables: dict[str, dict[str, Any]], path: Path) -> None:
    try:
        others = tomllib.loads(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise SettingsError(f"{path}: cannot be read: {error}") from None
    for section, values in others.items():
        if section not in tables or not isinstance(values, dict):
            raise SettingsError(f"{path}: there is no section [{section}]")
        unknown = values.keys() - tables[section].keys()
        # A fault may have no number in world.toml.
        if unknown and section != "faults":
            raise SettingsError(
                f"{path}: [{section}] has no {', '.join(sorted(unknown))}"
            )
        tables[section] |= values


def _section(kind: Any, table: dict[str, Any]) -> Any:
    return kind(
        **{
            each.name: (
                Quantiles(*table[each.name])
                if each.type is Quantiles
                else table[each.name]
            )
            for each in fields(kind)
        }
    )


def _check(settings: Settings, path: Path) -> None:
    problems = []
    if settings.clicks.model not in ("grid", "cascade"):
        problems.append("clicks.model is neither grid nor cascade")
    if len(settings.clicks.examination) != settings.engine.page_size:
        problems.append("clicks.examination needs one number per position of a page")
    if settings.traffic.first_day >= settings.traffic.last_day:
        problems.append("traffic.first_day is not before traffic.last_day")
    unknown = settings.engine.weights.keys() - _FIELDS
    if unknown:
        problems.append(f"engine.weights: a clip has no {', '.join(sorted(unknown))}")
    if settings.engine.rankings < 1 or settings.engine.concurrent < 1:
        problems.append("engine.rankings and engine.concurrent must be at least 1")
    problems += [
        f"engine.{name} is not a share"
        for name in ("reshuffle", "demotion", "turnover")
        if not 0 <= getattr(settings.engine, name) < 1
    ]
    if settings.clips.count < 200:
        problems.append("clips.count is less than 200: too few to search")
    if problems:
        raise SettingsError(f"{path}: {'; '.join(problems)}")
