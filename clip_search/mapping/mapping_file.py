"""Reads a mapping, from a file or from one of the presets, and says what is wrong."""

import hashlib
import tomllib
from importlib import resources
from pathlib import Path
from typing import Any

from clip_search.clear_error import ClearError
from clip_search.logs import LOGS, Log
from clip_search.mapping.field import Field, Key
from clip_search.mapping.mapping import Condition, LogMapping, Mapping

FORMATS = ("jsonl", "ndjson-bulk")
_PRESETS = resources.files("clip_search.mapping") / "presets"
_LOG_SETTINGS = ("where", "position_from")


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
        return Mapping(
            name,
            _format(settings.get("format", FORMATS[0])) == "ndjson-bulk",
            _logs(settings),
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


def _format(value: object) -> str:
    if value not in FORMATS:
        raise _WrongSettingError(f"format is {value!r}, and not {' or '.join(FORMATS)}")
    return str(value)


def _logs(settings: dict[str, Any]) -> tuple[LogMapping, ...]:
    known = {log.name: log for log in LOGS}
    for name in settings.keys() - {"format"}:
        if name not in known:
            raise _WrongSettingError(
                f"[{name}] is no log; the logs are {', '.join(known)}"
            )
    logs = tuple(
        _log_mapping(known[name], settings[name]) for name in known if name in settings
    )
    if not logs:
        raise _WrongSettingError(f"it has none of the tables {', '.join(known)}")
    return logs


def _log_mapping(log: Log, settings: object) -> LogMapping:
    if not isinstance(settings, dict):
        raise _WrongSettingError(f"{log.name} is no table")
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
    for column in log.required:
        if column not in fields and column != "total":
            raise _WrongSettingError(f"{log.name}.{column} is missing")
    position_from = settings.get("position_from", 1)
    if position_from not in (0, 1):
        raise _WrongSettingError(f"{log.name}.position_from is neither 0 nor 1")
    return LogMapping(
        log,
        _conditions(log, settings.get("where", {})),
        fields,
        position_from,
    )


def _conditions(log: Log, where: object) -> tuple[Condition, ...]:
    if not isinstance(where, dict):
        raise _WrongSettingError(f"{log.name}.where is no table")
    return tuple(
        Condition(Key(key), frozenset(map(str, _listed(value))))
        for key, value in where.items()
    )


def _field(name: str, value: object) -> Field:
    keys = tuple(_key(name, each) for each in _listed(value))
    if not keys:
        raise _WrongSettingError(f"{name} has no key")
    return Field(keys)


def _listed(value: object) -> list[object]:
    return value if isinstance(value, list) else [value]


def _key(name: str, value: object) -> Key:
    if isinstance(value, str):
        return Key(value)
    if isinstance(value, dict) and list(value) == ["length"]:
        return Key(str(value["length"]), is_length=True)
    raise _WrongSettingError(
        f"{name} is {value!r}, and neither a key nor {{ length = KEY }}"
    )
