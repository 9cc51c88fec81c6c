"""Reads a mapping, from a file or from one of the presets, and says what is wrong."""

import hashlib
import tomllib
from dataclasses import replace
from importlib import resources
from pathlib import Path
from typing import Any

from clip_search.clear_error import ClearError
from clip_search.logs import LANDED_LOGS, Log
from clip_search.mapping.field import Condition, Field, How, Key
from clip_search.mapping.mapping import Join, LogMapping, Mapping
from clip_search.text_rules.zones import is_zone

FORMS = ("jsonl", "ndjson-bulk", "json", "csv", "parquet", "solr-log")
_UNITS = ("iso", "s", "ms", "us")
_HOWS: tuple[How, ...] = ("length", "words", "names", "last", "place")
_WITHIN_SECONDS = 1800
_PRESETS = resources.files("clip_search.mapping") / "presets"
_SETTINGS = ("format", "records", "join")
_LOG_SETTINGS = ("where", "position_from", "explode", "unit", "zone")


class MappingError(ClearError):
    """A mapping cannot be used."""


def preset_names() -> list[str]:
    """The names of the presets, sorted."""
    return sorted(
        each.name.removesuffix(".toml")
        for each in _PRESETS.iterdir()
        if each.name.endswith(".toml")
    )


def preset_text(name: str) -> str:
    """The TOML of a preset, with its comments.

    Raises:
        MappingError: There is no such preset.
    """
    if name not in preset_names():
        raise MappingError(
            f"there is no preset {name!r}",
            remedy=f"Use one of {', '.join(preset_names())}, or write a mapping of your"
            " own: start from a preset with `clip-search mapping NAME`.",
        )
    return (_PRESETS / f"{name}.toml").read_text("utf-8")


def mapping_of_preset(name: str) -> Mapping:
    """A preset's mapping.

    Raises:
        MappingError: There is no such preset.
    """
    return _mapping(preset_text(name), name, None)


def mapping_of_file(path: Path) -> Mapping:
    """The mapping in a TOML file.

    Raises:
        MappingError: The file cannot be read, or a setting is wrong.
    """
    try:
        text = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise MappingError(
            f"the mapping cannot be read: {error}",
            remedy="Check the path and its permissions.",
            place=path,
        ) from error
    return _mapping(text, path.stem, path)


def _mapping(text: str, name: str, place: Path | None) -> Mapping:
    try:
        settings = tomllib.loads(text)
        join = _join(settings["join"]) if "join" in settings else None
        return Mapping(
            name,
            _one_of("format", settings.get("format", FORMS[0]), FORMS),
            _text("records", settings["records"]) if "records" in settings else None,
            _parts(settings, join),
            join,
            hashlib.sha256(text.encode()).hexdigest(),
        )
    except (tomllib.TOMLDecodeError, _WrongSettingError) as error:
        raise MappingError(
            f"the mapping is wrong: {error}",
            remedy="See docs/import.md for every setting.",
            place=place,
        ) from error


class _WrongSettingError(Exception):
    """What is wrong with a setting."""


def _parts(settings: dict[str, Any], join: Join | None) -> tuple[LogMapping, ...]:
    known = {log.name: log for log in LANDED_LOGS}
    for name in settings.keys() - set(_SETTINGS):
        if name not in known:
            raise _WrongSettingError(
                f"{name} is neither a setting ({', '.join(_SETTINGS)}) nor a log"
                f" ({', '.join(known)})"
            )
    parts: list[LogMapping] = []
    for name, log in known.items():
        tables = [
            _table(name, each)
            for each in (_listed(settings[name]) if name in settings else [])
        ]
        has_elements = any(table.get("explode") for table in tables)
        parts += [
            replace(_log_mapping(log, table, join), has_elements=has_elements)
            for table in tables
        ]
    if not parts:
        raise _WrongSettingError(f"it has none of the tables {', '.join(known)}")
    return tuple(parts)


def _log_mapping(log: Log, settings: dict[str, Any], join: Join | None) -> LogMapping:
    fields = {
        column: _field(f"{log.name}.{column}", value)
        for column, value in settings.items()
        if column not in _LOG_SETTINGS
    }
    for column in fields.keys() - set(log.columns):
        raise _WrongSettingError(
            f"{log.name}.{column} is no column; the columns are"
            f" {', '.join(log.columns)}"
        )
    optional = {"total", *(["search_id"] if join else [])}
    for column in log.required:
        if column not in fields and column not in optional:
            raise _WrongSettingError(f"{log.name}.{column} is missing")
    position_from = settings.get("position_from")
    if position_from is not None and (
        isinstance(position_from, bool) or position_from not in (0, 1)
    ):
        raise _WrongSettingError(f"{log.name}.position_from is neither 0 nor 1")
    unit = _one_of(f"{log.name}.unit", settings.get("unit", "iso"), _UNITS)
    return LogMapping(
        log,
        _where(log, settings.get("where", {})),
        fields,
        position_from,
        tuple(
            _text(f"{log.name}.explode", each)
            for each in _listed(settings.get("explode", []))
        ),
        None if unit == "iso" else unit,
        _zone(log, settings["zone"]) if "zone" in settings else None,
    )


def _join(value: object) -> Join:
    settings = _table("join", value)
    for name in settings.keys() - {"user", "session", "within_seconds"}:
        raise _WrongSettingError(
            f"join.{name} is none of user, session, within_seconds"
        )
    if "user" not in settings:
        raise _WrongSettingError("join.user is missing")
    within = settings.get("within_seconds", _WITHIN_SECONDS)
    if isinstance(within, bool) or not isinstance(within, int) or within < 1:
        raise _WrongSettingError("join.within_seconds is no number of seconds")
    session = settings.get("session")
    return Join(
        _field("join.user", settings["user"]),
        _field("join.session", session) if session is not None else None,
        within,
    )


def _where(log: Log, where: object) -> tuple[tuple[Condition, ...], ...]:
    """The sets of conditions; without any, every record fulfils them."""
    sets = _listed(where) or [{}]
    return tuple(
        tuple(
            _condition(key, value)
            for key, value in _table(f"{log.name}.where", each).items()
        )
        for each in sets
    )


def _condition(key: str, value: object) -> Condition:
    if isinstance(value, bool):
        return Condition(Key(key), None, is_missing=not value)
    return Condition(Key(key), frozenset(map(str, _listed(value))))


def _field(name: str, value: object) -> Field:
    keys = tuple(_key(name, each) for each in _listed(value))
    if not keys:
        raise _WrongSettingError(f"{name} has no key")
    return Field(keys)


def _key(name: str, value: object) -> Key:
    if isinstance(value, str):
        return Key(value)
    if isinstance(value, dict):
        for how in _HOWS:
            if value.keys() == {how}:
                return Key(_text(name, value[how]), how)
        if value.keys() == {"place_in", "by", "of"}:
            path, by, of = (
                _text(name, value[each]) for each in ("place_in", "by", "of")
            )
            return Key(path, "place_in", by, of)
        if value.keys() == {"key", "where"}:
            where = _table(f"{name}.where", value["where"])
            conditions = tuple(_condition(key, each) for key, each in where.items())
            return Key(_text(name, value["key"]), where=conditions)
    raise _WrongSettingError(
        f"{name} is {value!r}, and neither a key nor one of {{ length = KEY }},"
        " { words = KEY }, { names = KEY }, { last = KEY }, { place = KEY },"
        " { place_in = KEY, by = KEY, of = KEY }, { key = KEY, where = CONDITIONS }"
    )


def _zone(log: Log, value: object) -> str:
    if not isinstance(value, str) or not is_zone(value):
        raise _WrongSettingError(
            f"{log.name}.zone is {value!r}, and no zone such as Europe/Berlin or +01:00"
        )
    return value


def _listed(value: object) -> list[object]:
    return value if isinstance(value, list) else [value]


def _table(name: str, value: object) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise _WrongSettingError(f"{name} is no table")
    return value


def _text(name: str, value: object) -> str:
    if not isinstance(value, str) or not value:
        raise _WrongSettingError(f"{name} is {value!r}, and no key")
    return value


def _one_of(name: str, value: object, known: tuple[str, ...]) -> str:
    if value not in known:
        raise _WrongSettingError(
            f"{name} is {value!r}, and not {', '.join(known[:-1])} or {known[-1]}"
        )
    return str(value)
