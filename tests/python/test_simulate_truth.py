"""Compares the answer key with an independent judge.

The judge reads the written CSV files, uses nothing of the simulator, and applies the
cleaning rules in the simplest way: regular expressions, `datetime`, `unicodedata` and
dictionaries. It ignores personal data except for a few checks of its own; the key's
redacted texts are compared with the texts as typed.
"""

import csv
import io
import ipaddress
import json
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any
from urllib.parse import unquote, unquote_plus

import pytest

from lab.simulate import Destination, Plan, sample_destination, simulate
from lab.simulate.answer_key import read_answers
from lab.simulate.settings import SAMPLE_WORLD

CLICK_LOG = "search_result_interaction"
ASCII_SPACE = " \t\n\v\f\r"
NUMBER = re.compile(r"[0-9]{1,9}(\.0+)?")
TIME = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)[T ](\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?"
    r"(?: ?(Z|([+-])(\d\d)(?::?(\d\d))?))?",
    re.ASCII,
)
MISSING = {
    "search_id": "missing_search_id",
    "cuid": "missing_cuid",
    "search_query": "missing_query",
    "cid": "missing_cid",
}
# A row that another rule rejects is not judged: it stays as the answer key has it.
JUDGED_RULES = {
    "malformed_line",
    *MISSING.values(),
    "placeholder_id",
    "invalid_total",
    "invalid_position",
    "position_below_one",
    "timestamp_unreadable",
    "timestamp_impossible",
    "timestamp_without_zone",
    "timestamp_out_of_window",
    "conflicting_search_id",
    "orphan_click",
    "click_on_other_search",
    "click_before_search",
    "click_too_late",
    "position_beyond_total",
}
# Those that the simulator plants.
PLACEHOLDERS = {
    "undefined",
    "nan",
    "0",
    "-1",
    "\\n",
    "00000000-0000-0000-0000-000000000000",
}
UNKNOWN_TOTALS = {"", "nan", "\\n", "-"}
SKEW = timedelta(seconds=2)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
SINCE = datetime(2005, 1, 1, tzinfo=UTC)
UNTIL = datetime(2035, 1, 1, tzinfo=UTC)


def answers(path: Path) -> list[dict[str, Any]]:
    return list(read_answers(path))


class RefusedError(Exception):
    """A row is rejected; the message is the rule's name."""


@dataclass
class Row:
    values: dict[str, str]
    number: int
    at: datetime = SINCE
    offset: int | None = None
    amount: int | None = 0
    outcome: str = ""
    reason: str | None = None
    clean: dict[str, Any] = field(default_factory=dict)
    into: tuple[str, ...] = ()


# The forms of other programs, with their offset: a number of minutes, or none.
OTHER_FORMS = (
    ("%Y-%m-%d %H:%M:%S.%f UTC", 0),
    ("%Y-%m-%dT%H:%M:%S.%fZ[UTC]", 0),
    ("%Y-%m-%dT%H:%M:%S,%fZ", 0),
    ("%Y%m%dT%H%M%SZ", 0),
    ("%a, %d %b %Y %H:%M:%S GMT", 0),
    ('{"$date":"%Y-%m-%dT%H:%M:%S.%fZ"}', 0),
    ("%d/%b/%Y:%H:%M:%S %z", None),
)


def read_other_form(text: str) -> tuple[datetime, int | None] | None:
    """A time in a form of other programs, or None."""
    epoch = re.fullmatch(
        r"([0-9]{10})(?:\.([0-9]{3})|([0-9]{3})[0-9]{3}|([0-9]{3})[0-9]{6})", text
    )
    if epoch:
        seconds, *thousandths = epoch.groups()
        thousandth = int(next(each for each in thousandths if each))
        return EPOCH + timedelta(seconds=int(seconds), milliseconds=thousandth), None
    for form, offset in OTHER_FORMS:
        try:
            at = datetime.strptime(text, form)
        except ValueError:
            continue
        if offset is None:
            zone = at.utcoffset() or timedelta()
            return at.astimezone(UTC), zone // timedelta(minutes=1)
        return at.replace(tzinfo=UTC), offset
    return None


def read_time(text: str) -> tuple[datetime, int | None]:
    if re.fullmatch("[0-9]{10}|[0-9]{13}", text):
        milliseconds = int(text) * (1000 if len(text) == 10 else 1)
        return EPOCH + timedelta(milliseconds=milliseconds), None
    other = read_other_form(text)
    if other is not None:
        return other
    match = TIME.fullmatch(text)
    if match is None:
        raise RefusedError("timestamp_unreadable")
    *clock, fraction, zone, sign, hours, minutes = match.groups()
    # An impossible date takes precedence over a missing zone, so check it with any
    # zone.
    offset = 0
    if sign:
        offset = int(hours) * 60 + int(minutes or 0)
        offset = -offset if sign == "-" else offset
        if int(minutes or 0) > 59 or not -720 <= offset <= 840:
            raise RefusedError("timestamp_impossible")
    try:
        year, month, day, hour, minute, second = (int(part) for part in clock)
        local = datetime(
            year, month, day, hour, minute, second,
            tzinfo=timezone(timedelta(minutes=offset)),
        )  # fmt: skip
    except ValueError:
        raise RefusedError("timestamp_impossible") from None
    if zone is None:
        raise RefusedError("timestamp_without_zone")
    milliseconds = int(((fraction or "") + "000")[:3])
    return local.astimezone(UTC) + timedelta(milliseconds=milliseconds), offset


def check_row(row: Row, ids: Iterable[str], number: str, invalid: str) -> None:
    """Step 1: what a row can be rejected for on its own."""
    if any(len(value) > 2048 for value in row.values.values()):
        raise RefusedError("malformed_line")
    for name in row.values:
        if name != "search_query":
            row.values[name] = row.values[name].strip(ASCII_SPACE)
    for name in ids:
        value = row.values[name].strip(ASCII_SPACE)
        # Each id of the sample that contains personal data has one of these characters.
        if not value or (name != "search_query" and set(value) & set("@.+")):
            raise RefusedError(MISSING[name])
    if any(
        row.values[name].lower() in PLACEHOLDERS
        for name in ids
        if name != "search_query"
    ):
        raise RefusedError("placeholder_id")
    row.amount = read_amount(row.values[number], number, invalid)
    if number == "position" and row.amount == 0:
        raise RefusedError("position_below_one")
    row.at, row.offset = read_time(row.values["ts"])
    if not SINCE <= row.at < UNTIL:
        raise RefusedError("timestamp_out_of_window")


def read_amount(text: str, name: str, invalid: str) -> int | None:
    """The number; None for a total that the log leaves open."""
    if name == "total" and text.lower() in UNKNOWN_TOTALS:
        return None
    if name == "total" and text.startswith("{"):
        text = str(json.loads(text)["value"])
    if not NUMBER.fullmatch(text):
        raise RefusedError(invalid)
    return int(text.split(".")[0])


def text_of(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%S.") + f"{at.microsecond // 1000:03}Z"


def reject(row: Row, reason: str) -> None:
    row.outcome, row.reason = "rejected", reason


def load(
    path: Path,
    ids: tuple[str, ...],
    number: str,
    invalid: str,
    settled: dict[int, str],
) -> list[Row]:
    text = path.read_text("utf-8")
    rows = [
        Row({name: str(value) for name, value in each.items()}, index)
        for index, each in enumerate(csv.DictReader(io.StringIO(text, newline="")), 1)
    ]
    for row in rows:
        row.values.pop("", None)
        if row.number in settled:
            reject(row, settled[row.number])
            continue
        try:
            check_row(row, ids, number, invalid)
        except RefusedError as refusal:
            reject(row, str(refusal))
    return rows


def valid_by_search(rows: list[Row]) -> dict[str, list[Row]]:
    groups = defaultdict(list)
    for row in rows:
        if not row.outcome:
            groups[row.values["search_id"]].append(row)
    return groups


def final_texts(rows: list[Row], evidence: datetime | None) -> dict[int, str]:
    """The text at which the user of each row stopped typing, by the row's number."""
    finals: dict[int, str] = {}
    typists = defaultdict(list)
    for row in rows:
        is_before = evidence is not None and row.at <= evidence
        typists[row.values["cuid"], is_before].append(row)
    for typed in typists.values():
        typed.sort(key=lambda row: (row.at, len(row.values["search_query"])))
        later: Row | None = None
        for row in reversed(typed):
            text = row.values["search_query"]
            finals[row.number] = text
            if later is not None and later.at - row.at <= timedelta(seconds=5):
                next_text = later.values["search_query"]
                if next_text.startswith(text) or text.startswith(next_text):
                    finals[row.number] = finals[later.number]
            later = row
    return finals


def belongs_to_another(click: Row, requests: list[Row]) -> bool:
    """Whether the latest request before a click is not for the clean search."""
    last = max((row.at for row in requests if row.at <= click.at), default=None)
    return last is not None and all(
        row.outcome == "rejected" for row in requests if row.at == last
    )


def judge_requests(
    requests: dict[str, list[Row]], clicks: dict[str, list[Row]]
) -> dict[str, Row]:
    """Step 2: the winner of each search_id, or none."""
    winners = {}
    for search_id, rows in requests.items():
        evidence = min((click.at for click in clicks.get(search_id, [])), default=None)
        rows.sort(key=lambda row: (row.at, row.number))
        finals = final_texts(rows, evidence)
        typed_to_the_end = [
            row for row in rows if finals[row.number] == row.values["search_query"]
        ]
        before = [
            row
            for row in typed_to_the_end
            if evidence is not None and row.at <= evidence
        ]
        last = max((row.at for row in before), default=typed_to_the_end[0].at)
        winner = next(row for row in typed_to_the_end if row.at == last)

        def who(row: Row, finals: dict[int, str] = finals) -> tuple[str, str]:
            return finals[row.number], row.values["cuid"]

        if evidence is None and len({who(row) for row in rows}) > 1:
            for row in rows:
                reject(row, "conflicting_search_id")
            continue
        repeats = [row for row in rows if who(row) == who(winner)]
        for row in rows:
            if row not in repeats:
                reject(row, "conflicting_search_id")
            else:
                row.outcome, row.into = "folded", (search_id,)
        winner.outcome, winner.into = "clean", ()
        alike = [row for row in repeats if row in typed_to_the_end]
        totals = {row.amount for row in alike if row.amount is not None}
        largest = max(totals, default=None)
        proven = max(
            (
                click.amount or 0
                for click in clicks.get(search_id, [])
                if -SKEW <= click.at - winner.at <= timedelta(days=1)
                and (click.amount or 0) <= (largest or 0)
            ),
            default=0,
        )
        winner.clean = {
            "search_id": search_id,
            "ts": text_of(winner.at),
            "cuid": winner.values["cuid"],
            "total": largest,
            "utc_offset_minutes": winner.offset,
            "is_ts_disputed": int(
                not before and len({row.at for row in typed_to_the_end}) > 1
            ),
            "is_total_disputed": int(sum(each >= proven for each in totals) > 1),
            "raw_row_count": len(repeats),
            "typed_row_count": len(repeats) - len(alike),
        }
        winners[search_id] = winner
    by_day = Counter((row.values["cuid"], row.at.date()) for row in winners.values())
    automated = {cuid for (cuid, _), count in by_day.items() if count > 500}
    for row in winners.values():
        row.clean["is_automated"] = int(row.values["cuid"] in automated)
    return winners


def beyond(position: int | None, total: int | None) -> bool:
    """Whether there are fewer results than the position says."""
    return position is not None and total is not None and position > total


def judge_clicks(
    clicks: dict[str, list[Row]],
    winners: dict[str, Row],
    requests: dict[str, list[Row]],
) -> None:
    """Steps 3 and 4: clicks against the winner, then one row for each result."""
    for search_id, rows in clicks.items():
        groups: dict[str, list[Row]] = defaultdict(list)
        for row in rows:
            if search_id not in winners:
                reject(row, "orphan_click")
            elif belongs_to_another(row, requests[search_id]):
                reject(row, "click_on_other_search")
            elif row.at < winners[search_id].at - SKEW:
                reject(row, "click_before_search")
            elif row.at - winners[search_id].at > timedelta(days=1):
                reject(row, "click_too_late")
            elif beyond(row.amount, winners[search_id].clean["total"]):
                reject(row, "position_beyond_total")
            else:
                groups[row.values["cid"]].append(row)
        for cid, group in groups.items():
            group.sort(key=lambda row: (row.at, row.amount, row.number))
            for row in group:
                row.outcome, row.into = "folded", (search_id, cid)
            first = group[0]
            first.outcome, first.into = "clean", ()
            first.clean = {
                "search_id": search_id,
                "ts": text_of(first.at),
                "cid": cid,
                "position": first.amount,
                "click_count": len({row.at for row in group}),
                "last_click_at": text_of(group[-1].at),
                "seconds_after_search": (first.at - winners[search_id].at)
                // timedelta(seconds=1),
                "raw_row_count": len(group),
            }


def judged(
    where: Destination, key: Iterable[dict[str, Any]] = ()
) -> dict[str, list[Row]]:
    settled: dict[str, dict[int, str]] = {"search_request": {}, CLICK_LOG: {}}
    for answer in key:
        if answer["reject_reason"] not in {None, *JUDGED_RULES}:
            rows = settled[answer["log"]]
            rows[answer["row_number"]] = answer["reject_reason"]
    requests = load(
        where.search_request,
        ("search_id", "cuid", "search_query"),
        "total",
        "invalid_total",
        settled["search_request"],
    )
    clicks = load(
        where.search_result_interaction,
        ("search_id", "cid"),
        "position",
        "invalid_position",
        settled[CLICK_LOG],
    )
    valid_clicks = valid_by_search(clicks)
    valid_requests = valid_by_search(requests)
    winners = judge_requests(valid_requests, valid_clicks)
    judge_clicks(valid_clicks, winners, valid_requests)
    return {"search_request": requests, CLICK_LOG: clicks}


@pytest.fixture(
    scope="module",
    params=[
        "sample",
        # Simulating and judging it takes seconds.
        pytest.param("another seed, with an index", marks=pytest.mark.slow),
    ],
)
def case(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Destination, list[dict[str, Any]]]:
    where = sample_destination()
    if request.param != "sample":
        where = Destination.in_folder(tmp_path_factory.mktemp("logs"))
        simulate(Plan(20_200_310, 6_000, SAMPLE_WORLD, with_index=True), where)
    assert where.answer_key is not None
    return where, answers(where.answer_key)


def test_the_judge_comes_to_the_same_outcomes(
    case: tuple[Destination, list[dict[str, Any]]],
) -> None:
    where, key = case
    rows = judged(where, key)
    differences = []
    for answer in key:
        row = rows[answer["log"]][answer["row_number"] - 1]
        told = (
            answer["outcome"],
            answer["reject_reason"],
            tuple(answer.get("folded_into", {}).values()),
        )
        if told != (row.outcome, row.reason, row.into):
            differences.append((answer, row))
    assert differences == []


def test_the_judge_comes_to_the_same_clean_rows(
    case: tuple[Destination, list[dict[str, Any]]],
) -> None:
    where, key = case
    rows = judged(where, key)
    differences = []
    for answer in key:
        if "clean" not in answer:
            continue
        row = rows[answer["log"]][answer["row_number"] - 1]
        expected = dict(row.clean)
        told = {name: answer["clean"][name] for name in expected}
        if told != expected:
            differences.append((told, expected, answer["fault"]))
    assert differences == []


# --- texts --------------------------------------------------------------------


def normal(text: str) -> str:
    """NFKC and case folding, without invisible characters, with single spaces."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    folded = unicodedata.normalize("NFKC", folded)
    visible = "".join(
        character
        for character in folded
        if character.isspace()
        or (
            unicodedata.category(character) not in ("Cc", "Cf")
            and not "\ufe00" <= character <= "\ufe0f"
        )
    )
    return " ".join(visible.split())


def luhn_holds(digits: str) -> bool:
    doubled = [
        int(digit) if turn % 2 == 0 else sum(divmod(2 * int(digit), 10))
        for turn, digit in enumerate(reversed(digits))
    ]
    return sum(doubled) % 10 == 0


def is_card(text: str) -> bool:
    digits = re.sub("[ .-]", "", text)
    return bool(re.fullmatch("[0-9]{13,19}", digits)) and luhn_holds(digits)


def is_email(text: str) -> bool:
    return bool(re.fullmatch(r"[a-z0-9.+]+@@?[a-z.]+\.(com|org|net)", text))


def is_ip(text: str) -> bool:
    try:
        return ipaddress.ip_address(text).is_private  # documentation ranges are
    except ValueError:
        return False


def is_phone(text: str) -> bool:
    """A number reserved for fiction: 555-0100 to 555-0199, or 020 7946 0000 to 0999."""
    if re.fullmatch(r"0044 ?20 ?7946 ?0[0-9]{3}", text):
        return True
    return bool(re.fullmatch(r"(\+1[ -]?)?[0-9]{3}[-. ]?555[-. ]?01[0-9]{2}", text))


def is_ssn(text: str) -> bool:
    """One of the numbers that were withdrawn because an advertisement showed them."""
    return re.sub("[ -]", "", text) in {"078051120", "219099999"}


def is_iban(text: str) -> bool:
    """ISO 13616: letters are numbers from 10, the first four characters come last."""
    packed = text.replace(" ", "")
    number = int("".join(str(int(each, 36)) for each in packed[4:] + packed[:4]))
    return packed[:2].isalpha() and number % 97 == 1


JUDGES = {
    "card": is_card,
    "email": is_email,
    "iban": is_iban,
    "ip": is_ip,
    "phone": is_phone,
    "ssn": is_ssn,
}
PLACEHOLDER = re.compile(r"\[(card|email|iban|ip|phone|ssn)\]")


def clean_requests(
    case: tuple[Destination, list[dict[str, Any]]],
) -> list[tuple[str, dict[str, Any], str | None]]:
    """(query as typed, clean row, fault) of each clean request."""
    where, key = case
    rows = judged(where, key)["search_request"]
    return [
        (
            rows[answer["row_number"] - 1].values["search_query"],
            answer["clean"],
            answer["fault"],
        )
        for answer in key
        if answer["log"] == "search_request" and "clean" in answer
    ]


def test_only_personal_data_is_replaced(
    case: tuple[Destination, list[dict[str, Any]]],
) -> None:
    kinds: Counter[str] = Counter()
    for logged, clean, fault in clean_requests(case):
        typed, kept = without_control_characters(logged), clean["search_query"]
        if fault == "disguised_personal_data":
            assert PLACEHOLDER.search(kept)
            continue
        found = PLACEHOLDER.findall(kept)
        pattern = PLACEHOLDER.sub("\0", kept)
        pattern = re.escape(pattern).replace(re.escape("\0"), "(.+)")
        match = re.fullmatch(pattern, typed, re.DOTALL)
        assert match is not None, (typed, kept)
        for kind, value in zip(found, match.groups(), strict=True):
            assert JUDGES[kind](value), (kind, value)
            kinds[kind] += 1
        if not found:
            assert typed == kept
            assert not any(is_personal(word) for word in typed.split())
    assert set(kinds) == set(JUDGES)


def without_control_characters(text: str) -> str:
    """White space as spaces, and nothing in place of the others (decision 21)."""
    return "".join(
        character
        if unicodedata.category(character) != "Cc"
        else " " * character.isspace()
        for character in text
    )


def is_personal(word: str) -> bool:
    """Whether a word is personal data on its own, except for dotted version numbers."""
    dotted = re.fullmatch(r"[0-9]\.[0-9]\.[0-9]\.[0-9]", word)
    return not dotted and (
        is_card(word)
        or "@example" in word
        or (word != "::" and ":" in word and is_ip(word))
    )


def test_kinds_follow_from_the_placeholders_and_addresses(
    case: tuple[Destination, list[dict[str, Any]]],
) -> None:
    kinds: Counter[str] = Counter()
    for typed, clean, _ in clean_requests(case):
        found = PLACEHOLDER.findall(clean["search_query"])
        url = re.match(r"https?://|www\.", typed) or re.fullmatch(
            r"\S+\.(com|org|net)/\S*", typed
        )
        expected = min(found) if found else "url" if url else "text"
        assert clean["query_kind"] == expected, typed
        kinds[expected] += 1
    assert set(kinds) == {*JUDGES, "url", "text"}


def test_query_texts_are_the_normal_form(
    case: tuple[Destination, list[dict[str, Any]]],
) -> None:
    differences = [
        (typed, clean["query_text"])
        for typed, clean, fault in clean_requests(case)
        if fault not in ("plus_for_space", "percent_escape")
        and clean["query_text"] != normal(clean["search_query"])
    ]
    assert differences == []


def test_decoded_texts_are_what_the_browser_meant(
    case: tuple[Destination, list[dict[str, Any]]],
) -> None:
    decoders = {"plus_for_space": unquote_plus, "percent_escape": unquote}
    met: Counter[str] = Counter()
    for typed, clean, fault in clean_requests(case):
        if fault in decoders:
            assert clean["query_text"] == normal(decoders[fault](typed))
            met[fault] += 1
    assert min(met[fault] for fault in decoders) >= 3


# --- the judge itself ---------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2020-03-10 09:24:31.000 -0400", "2020-03-10T13:24:31.000Z"),
        ("2019-05-30 18:34:31+02:00", "2019-05-30T16:34:31.000Z"),
        ("2020-03-10T13:24:31.9996Z", "2020-03-10T13:24:31.999Z"),
        ("2020-03-10 09:24:31 -04", "2020-03-10T13:24:31.000Z"),
        ("1583846671", "2020-03-10T13:24:31.000Z"),
        ("1583846671042", "2020-03-10T13:24:31.042Z"),
        ("2020-02-30 10:00:00Z", "timestamp_impossible"),
        ("2020-03-10 24:00:00Z", "timestamp_impossible"),
        ("2020-03-10 09:24:31+14:01", "timestamp_impossible"),
        ("2020-03-10 09:24:31", "timestamp_without_zone"),
        ("2020-03-10", "timestamp_unreadable"),
        ("158384667", "timestamp_unreadable"),
    ],
)
def test_the_judge_reads_times_as_the_rules_say(text: str, expected: str) -> None:
    try:
        told = text_of(read_time(text)[0])
    except RefusedError as refusal:
        told = str(refusal)
    assert told == expected


def test_the_judge_knows_a_card_from_a_number() -> None:
    assert is_card("4111 1111 1111 1111")
    assert not is_card("4111 1111 1111 1112")
    assert not is_card("411111111111")
