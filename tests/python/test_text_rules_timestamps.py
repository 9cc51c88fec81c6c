"""Logged times: what is read, exactly, and what is rejected for which reason."""

import random
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from clip_search.text_rules import (
    read_timestamp,
    timestamp_reject_reason,
    utc_offset_minutes,
    zone_can_be_assumed,
    zone_is_assumed,
)

WINDOW = ("2005-01-01T00:00:00.000Z", "2035-01-01T00:00:00.000Z")


def read(value: str, zone: str = "") -> str | None:
    """The time, or the reject rule."""
    reading = read_timestamp(value, *WINDOW, zone)
    reason = timestamp_reject_reason(value, *WINDOW, zone)
    assert (reading is None) != (reason is None)
    return reading or reason


@pytest.mark.parametrize(
    ("value", "ts", "offset"),
    [
        ("2020-03-10 13:24:31 UTC", "2020-03-10T13:24:31.000Z", 0),
        ("2020-03-10 13:24:31.5 GMT", "2020-03-10T13:24:31.500Z", 0),
        ("2020-03-10 13:24:31utc", "2020-03-10T13:24:31.000Z", 0),
        ("2020-03-10 13:24:31 +0000 UTC", "2020-03-10T13:24:31.000Z", 0),
        ("2020-03-10 13:24:31.9999 +0100 CET", "2020-03-10T12:24:31.999Z", 60),
        ("2020-03-10T13:24:31 UTC+01:00", "2020-03-10T12:24:31.000Z", 60),
        ("2020-03-10T13:24:31.123Z[UTC]", "2020-03-10T13:24:31.123Z", 0),
        ("2020-03-10T13:24:31[Etc/UTC]", "2020-03-10T13:24:31.000Z", 0),
        ("2020-03-10T14:24:31+01:00[Europe/Berlin]", "2020-03-10T13:24:31.000Z", 60),
        ("Tue, 10 Mar 2020 13:24:31 GMT", "2020-03-10T13:24:31.000Z", 0),
        ("Tue, 10 Mar 2020 09:24:31 -0400 (EDT)", "2020-03-10T13:24:31.000Z", -240),
        ("1 mar 2020 13:24 EST", "2020-03-01T18:24:00.000Z", -300),
        ("10 Mar 2020 13:24:31 PDT", "2020-03-10T20:24:31.000Z", -420),
        ("10/Mar/2020:13:24:31 +0000", "2020-03-10T13:24:31.000Z", 0),
        ("[10/Mar/2020:13:24:31 -0930]", "2020-03-10T22:54:31.000Z", -570),
        ("2020-03-10T13:24:31,123Z", "2020-03-10T13:24:31.123Z", 0),
        ("20200310T132431Z", "2020-03-10T13:24:31.000Z", 0),
        ("20200310T132431.25+0100", "2020-03-10T12:24:31.250Z", 60),
        ("20200310T1324Z", "2020-03-10T13:24:00.000Z", 0),
        ("2020-03-10t13:24:31z", "2020-03-10T13:24:31.000Z", 0),
        ("2020-03-10T13:24Z", "2020-03-10T13:24:00.000Z", 0),
        ("2020-03-10 13:24 +0100", "2020-03-10T12:24:00.000Z", 60),
        ("1583846671.25", "2020-03-10T13:24:31.250Z", None),
        ("1583846671,9999", "2020-03-10T13:24:31.999Z", None),
        ("1583846671250.9", "2020-03-10T13:24:31.250Z", None),
        ("1583846671250999", "2020-03-10T13:24:31.250Z", None),
        ("1583846671250999999", "2020-03-10T13:24:31.250Z", None),
        ("1.583846671E9", "2020-03-10T13:24:31.000Z", None),
        ("1.58384667125e+12", "2020-03-10T13:24:31.250Z", None),
        ("1583846671250E-3", "2020-03-10T13:24:31.250Z", None),
        ('{"$date":"2020-03-10T13:24:31.5Z"}', "2020-03-10T13:24:31.500Z", 0),
        ('{ "$date" : 1583846671250 }', "2020-03-10T13:24:31.250Z", None),
        (
            '{"$date": {"$numberLong": "1583846671250"}}',
            "2020-03-10T13:24:31.250Z",
            None,
        ),
    ],
)
def test_a_time_that_can_be_read_without_guessing_is_read(
    value: str, ts: str, offset: int | None
) -> None:
    assert read(f" {value}\n") == ts
    assert utc_offset_minutes(value) == offset
    assert zone_is_assumed(value, "Asia/Tokyo") == 0
    assert read(value, "Asia/Tokyo") == ts


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ("10/03/2020 13:24:31 +0000", "timestamp_unreadable"),
        ("03/10/2020 13:24:31 UTC", "timestamp_unreadable"),
        ("10.03.2020 13:24:31", "timestamp_unreadable"),
        ("20200310132431", "timestamp_unreadable"),
        ("2020-03-10 13:24:31 EST", "timestamp_unreadable"),
        ("2020-03-10 13:24:31 +0100 UTC", "timestamp_unreadable"),
        ("2020-03-10 13:24:31Z UTC", "timestamp_unreadable"),
        ("2020-03-10T13:24:31+01:00[UTC]", "timestamp_unreadable"),
        ("2020-03-10T13:24:31[Europe/Berlin]", "timestamp_unreadable"),
        ("10 Mar 2020 13:24:31 A", "timestamp_unreadable"),
        ("10 Mar 2020 13:24:31 GMT (joe@example.com)", "timestamp_unreadable"),
        ("2020-03-10T13:24:31+01:00[4111111111111111]", "timestamp_unreadable"),
        ("[10/Mar/2020:13:24:31 +0000", "timestamp_unreadable"),
        ("10 \u017fep 2020 13:24:31 GMT", "timestamp_unreadable"),
        ("2020-03-10T132431Z", "timestamp_unreadable"),
        ("158384667", "timestamp_unreadable"),
        ("158384667125", "timestamp_unreadable"),
        ("1.58385E+12", "timestamp_unreadable"),
        ("1.583846671E99", "timestamp_unreadable"),
        ("-1583846671", "timestamp_unreadable"),
        ('{"$date": "yesterday"}', "timestamp_unreadable"),
        ('{"$date": null}', "timestamp_unreadable"),
        ('{"date": 1583846671250}', "timestamp_unreadable"),
        ("Mon, 10 Mar 2020 13:24:31 GMT", "timestamp_impossible"),
        ("30 Feb 2020 13:24:31 GMT", "timestamp_impossible"),
        ("2020-02-30 13:24 UTC", "timestamp_impossible"),
        ("10/Mar/2020:24:24:31 +0000", "timestamp_impossible"),
        ("20200310T132431+1430", "timestamp_impossible"),
        ("Tue, 10 Mar 2020 13:24:31", "timestamp_without_zone"),
        ("10/Mar/2020:13:24:31", "timestamp_without_zone"),
        ("20200310T132431", "timestamp_without_zone"),
        ("2020-03-10 13:24", "timestamp_without_zone"),
        ("4111111111111111", "timestamp_out_of_window"),
        ('{"$date": 1583846671}', "timestamp_out_of_window"),
        ('{"$date": 1583846671250000}', "timestamp_out_of_window"),
    ],
)
def test_a_time_that_would_need_a_guess_is_rejected(value: str, reason: str) -> None:
    assert read(value) == reason


def test_numbers_of_every_unit_are_exact() -> None:
    draw = random.Random(1)
    for _ in range(2000):
        milliseconds = draw.randrange(1104537600000, 2051222400000)
        rest = draw.randrange(10**6)
        at = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=milliseconds)
        ts = at.isoformat(timespec="milliseconds").replace("+00:00", "Z")
        whole, part = divmod(milliseconds, 1000)
        for value in (
            f"{milliseconds}{rest:06}",
            f"{milliseconds}{rest // 1000:03}",
            f"{milliseconds}.{rest:06}",
            f"{whole}.{part:03}{rest:06}",
            f"{str(whole)[0]}.{str(whole)[1:]}{part:03}{rest:06}E9",
        ):
            assert read(value) == ts, value


# --- an assumed zone ---------------------------------------------------------------


@pytest.mark.parametrize("zone", ["Europe/Berlin", "America/New_York", "Asia/Kolkata"])
def test_an_assumed_zone_is_that_of_the_place_at_that_time(zone: str) -> None:
    draw = random.Random(2)
    read_count = 0
    for _ in range(3000):
        seconds = draw.randrange(1104623999, 2051135999)
        local = datetime.fromtimestamp(seconds, ZoneInfo(zone))
        value = local.strftime("%Y-%m-%d %H:%M:%S")
        found = read(value, zone)
        if found != "timestamp_without_zone":
            expected = datetime.fromtimestamp(seconds, UTC)
            assert found == expected.strftime("%Y-%m-%dT%H:%M:%S.000Z")
            minutes = (local.utcoffset() or timedelta()).total_seconds() / 60
            assert utc_offset_minutes(value, zone) == minutes
            assert zone_is_assumed(value, zone) == 1
            read_count += 1
    assert read_count > 2990


@pytest.mark.parametrize(
    ("value", "zone", "becomes"),
    [
        ("2020-03-10 13:24:31", "+05:30", "2020-03-10T07:54:31.000Z"),
        ("2020-03-10 13:24:31", "-0400", "2020-03-10T17:24:31.000Z"),
        ("2020-03-10 13:24:31.25", "UTC", "2020-03-10T13:24:31.250Z"),
        # Clocks are set from 2:00 to 3:00, and back from 3:00 to 2:00.
        ("2020-03-29 01:59:59", "Europe/Berlin", "2020-03-29T00:59:59.000Z"),
        ("2020-03-29 02:00:00", "Europe/Berlin", "timestamp_impossible"),
        ("2020-03-29 02:59:59", "Europe/Berlin", "timestamp_impossible"),
        ("2020-03-29 03:00:00", "Europe/Berlin", "2020-03-29T01:00:00.000Z"),
        ("2020-10-25 01:59:59", "Europe/Berlin", "2020-10-24T23:59:59.000Z"),
        ("2020-10-25 02:00:00", "Europe/Berlin", "timestamp_without_zone"),
        ("2020-10-25 02:59:59", "Europe/Berlin", "timestamp_without_zone"),
        ("2020-10-25 03:00:00", "Europe/Berlin", "2020-10-25T02:00:00.000Z"),
        ("10/03/2020 13:24:31", "Europe/Berlin", "timestamp_unreadable"),
        ("2020-02-30 13:24:31", "Europe/Berlin", "timestamp_impossible"),
        ("0001-01-01 00:00:00", "Asia/Tokyo", "timestamp_out_of_window"),
    ],
)
def test_a_time_without_a_zone_is_read_in_the_assumed_one(
    value: str, zone: str, becomes: str
) -> None:
    assert read(value, zone) == becomes


@pytest.mark.parametrize("zone", ["", "UTC", "Z", "+01:00", "-0930", "Europe/Berlin"])
def test_a_zone_can_be_assumed(zone: str) -> None:
    assert zone_can_be_assumed(zone) == 1


@pytest.mark.parametrize(
    "zone",
    ["Mars", "EDT", "+15:00", "1", "localtime", "Europe", "../UTC", "/etc/passwd"],
)
def test_what_is_no_zone_cannot_be_assumed(zone: str) -> None:
    assert zone_can_be_assumed(zone) == 0
