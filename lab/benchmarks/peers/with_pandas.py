"""The clean layer, hand-written in pandas: reads landed logs and writes Parquet."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd  # type: ignore[import-untyped]

from clip_search.text_rules import (
    classify_query,
    normalize_query_text,
    redact_text,
)
from lab.benchmarks.peers import texts

WHITE = texts.WHITE
DAY = pd.Timedelta(days=1)
CLOCK_SKEW = pd.Timedelta(seconds=2)


def mapped(values: pd.Series, rule: Callable[[str], Any]) -> pd.Series:
    """Applies a rule to the distinct values of a column."""
    return values.map(texts.changed(rule, values.dropna()))


def clean_id(values: pd.Series) -> pd.Series:
    """Trimmed ids; null if they are blank or contain personal data."""
    is_other = ~values.str.contains(texts.OPAQUE)
    cleaned = values.copy()
    cleaned[is_other] = mapped(values[is_other], texts.clean_id)
    return cleaned


def whole_number(
    values: pd.Series, read_other: Callable[[str], int | None]
) -> pd.Series:
    """The numbers in logged texts, or null.

    Args:
        values: The texts.
        read_other: Reads a text that is not just up to nine digits.
    """
    is_plain = values.str.fullmatch("[0-9]{1,9}")
    numbers = pd.to_numeric(values.where(is_plain))
    numbers[~is_plain] = mapped(values[~is_plain], read_other).astype(float)
    return numbers.astype("Int64")


def offset_minutes(zone: str) -> int:
    """The minutes of an offset such as ` -0400` or `+02:00`."""
    digits = zone.strip().replace(":", "")
    minutes = 60 * int(digits[1:3]) + int(digits[3:])
    return -minutes if digits[0] == "-" else minutes


def timed(ts: pd.Series) -> pd.DataFrame:
    """The parsed times, the reject reasons of the others, and the offsets."""
    usual = ts[ts.str.contains(texts.USUAL_TIME)]
    clock = usual.str.slice(0, 23).where(usual.str.len() == 29, usual.str.slice(0, 19))
    moment = pd.to_datetime(clock, format="ISO8601", errors="coerce").dropna()
    zone = usual.loc[moment.index].str.slice(-6)
    offset = zone.map({text: offset_minutes(text) for text in zone.unique()})
    timed = pd.DataFrame(
        {
            "moment": (moment - pd.to_timedelta(offset, "m")).astype("datetime64[ms]"),
            "unusable": pd.Series(dtype="str"),
            "utc_offset_minutes": offset,
        },
        index=ts.index,
    )
    is_odd = timed["moment"].isna()
    odd = ts[is_odd]
    read = {text: texts.read_time(text) for text in odd.dropna().unique()}
    reading = odd.map({text: found for text, (found, _) in read.items()})
    reading = reading.astype("str").fillna(texts.read_time(None)[0])
    is_standard = reading < "a"
    timed.loc[is_odd, "moment"] = pd.to_datetime(
        reading.where(is_standard).str.rstrip("Z"), format="ISO8601"
    ).astype("datetime64[ms]")
    timed.loc[is_odd, "unusable"] = reading.where(~is_standard)
    timed.loc[is_odd, "utc_offset_minutes"] = odd.map(
        {text: offset for text, (_, offset) in read.items()}
    ).astype(float)
    return timed.astype({"utc_offset_minutes": "Int64"})


def standard(moment: pd.Series) -> pd.Series:
    """Times as the standard text."""
    text = np.datetime_as_string(moment.to_numpy("datetime64[ms]"))
    return pd.Series(text, index=moment.index, dtype="str") + "Z"


def staged(path: Path, log: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The landed rows, and the same rows with every value parsed."""
    raw = pd.read_parquet(path / f"{log}.parquet")
    columns = texts.LOGGED_COLUMNS[log]
    number = columns[-1]
    is_malformed = raw["malformed_line"].notna()
    for column in columns:
        is_malformed |= raw[column].str.len() > texts.LONGEST
    frame = raw[["file_id", "line_number"]].assign(
        is_malformed=is_malformed, **timed(raw["ts"])
    )
    for column in columns:
        if column in ("search_id", "cuid", "cid"):
            frame[column] = clean_id(raw[column])
    if number == "total":
        frame[number] = whole_number(raw[number], texts.found_count)
        logged = raw[number].fillna("").str.strip(WHITE).str.lower()
        frame["is_total_logged"] = ~logged.isin(texts.UNKNOWN_TOTALS)
    else:
        frame[number] = whole_number(raw[number], texts.whole_number)
    if "search_query" in columns:
        query = raw["search_query"]
        query = query.where(
            (query.str.strip(WHITE) != "") & (query.str.len() <= texts.LONGEST)
        )
        may_need = query.str.contains(texts.MAY_NEED_REDACTION)
        query[may_need] = mapped(query[may_need], redact_text)
        frame["search_query"] = query
    return raw, frame


def reasons(frame: pd.DataFrame, *rules: tuple[pd.Series, str]) -> pd.Series:
    """The name of the first rule that applies to each row, or why its time is unusable.

    A rule without a name is the one about the time.
    """
    verdict = pd.Series(np.nan, index=frame.index, dtype="str")
    for applies, name in reversed(rules):
        verdict[applies] = name or frame.loc[applies, "unusable"]
    return verdict


def judged_requests(requests: pd.DataFrame, clicks: pd.DataFrame) -> pd.DataFrame:
    """Each request with its reject reason: null if it is clean."""
    requests["verdict"] = reasons(
        requests,
        (requests["is_malformed"], "malformed_line"),
        (requests["search_id"].isna(), "missing_search_id"),
        (requests["cuid"].isna(), "missing_cuid"),
        (requests["search_query"].isna(), "missing_query"),
        (requests["total"].isna() & requests["is_total_logged"], "invalid_total"),
        (requests["unusable"].notna(), ""),
    )
    valid = requests[requests["verdict"].isna()]
    repeats = valid[valid.duplicated("search_id", keep=False)]
    valid_clicks = clicks[
        clicks["search_id"].isin(repeats["search_id"])
        & ~clicks["is_malformed"]
        & clicks["cid"].notna()
        & (clicks["position"] > 0).fillna(False)
        & clicks["moment"].notna()
    ]
    first_click = valid_clicks.groupby("search_id")["moment"].min()
    repeats = repeats.assign(first_click=repeats["search_id"].map(first_click))
    repeats["is_before"] = repeats["moment"] <= repeats["first_click"]
    repeats["latest"] = repeats["moment"].where(repeats["is_before"])
    ascending = {
        "search_id": True, "is_before": False, "latest": False, "moment": True,
        "search_query": True, "cuid": True, "utc_offset_minutes": True,
        "file_id": True, "line_number": True,
    }  # fmt: skip
    repeats = repeats.sort_values(list(ascending), ascending=list(ascending.values()))
    of_search = repeats.groupby("search_id", sort=False)
    first = of_search[["search_query", "cuid"]].transform("first")
    repeats["is_same"] = (repeats[["search_query", "cuid"]] == first).all(axis=1)
    of_search = repeats.groupby("search_id", sort=False)
    moment = of_search["moment"]
    is_undecidable = (
        ~of_search["is_same"].transform("all") & repeats["first_click"].isna()
    )
    requests["raw_row_count"] = of_search["is_same"].transform("sum")
    requests["is_ts_disputed"] = (
        moment.transform("min") < moment.transform("max")
    ) & ~of_search["is_before"].transform("any")
    true_repeats = repeats[repeats["is_same"]]
    largest = true_repeats.groupby("search_id")["total"].max()
    requests["found_count"] = repeats["search_id"].map(largest)
    requests["is_total_disputed"] = repeats["search_id"].isin(
        doubted_searches(true_repeats, largest, valid_clicks)
    )
    settled = pd.Series(np.nan, index=repeats.index, dtype="str")
    settled[repeats.duplicated("search_id")] = "folded"
    settled[~repeats["is_same"] | is_undecidable] = "conflicting_search_id"
    requests.loc[settled.index, "verdict"] = settled
    return requests.fillna(
        {
            "raw_row_count": 1,
            "is_ts_disputed": False,
            "is_total_disputed": False,
            "found_count": requests["total"],
        }
    ).astype(
        {
            "raw_row_count": "int64",
            "is_ts_disputed": "int64",
            "is_total_disputed": "int64",
        }
    )


def doubted_searches(
    repeats: pd.DataFrame, largest: pd.Series, clicks: pd.DataFrame
) -> pd.Series:
    """The ids of searches with a second total that no click contradicts.

    Args:
        repeats: The requests for the searches, of each the clean one first.
        largest: The largest total by search_id.
        clicks: The valid clicks on these searches.
    """
    searched_at = repeats.groupby("search_id")["moment"].first()
    delay = clicks["moment"] - clicks["search_id"].map(searched_at)
    proofs = clicks[
        delay.between(-CLOCK_SKEW, DAY)
        & (clicks["position"] <= clicks["search_id"].map(largest)).fillna(False)
    ]
    proven = proofs.groupby("search_id")["position"].max()
    is_possible = repeats["total"] >= repeats["search_id"].map(proven).fillna(0)
    is_smaller = repeats["total"] < repeats["search_id"].map(largest)
    return repeats.loc[(is_possible & is_smaller).fillna(False), "search_id"]


def clean_requests(judged: pd.DataFrame) -> pd.DataFrame:
    """The rows of clean_search_request, with their parsed times."""
    clean = judged[judged["verdict"].isna()]
    query = clean["search_query"]
    is_odd = query.str.contains(texts.IS_ODD_QUERY)
    may_have_kind = query.str.contains(texts.MAY_HAVE_KIND)
    query_text = query.str.lower().str.strip(" ")
    query_text[is_odd] = mapped(query[is_odd], normalize_query_text)
    query_kind = pd.Series("text", index=clean.index, dtype="str")
    query_kind[may_have_kind] = mapped(query[may_have_kind], classify_query)
    searches_a_day = clean.groupby(["cuid", clean["moment"].dt.floor("D")]).size()
    busy = searches_a_day[searches_a_day > 500].index.get_level_values("cuid")
    return clean.assign(
        ts=standard(clean["moment"]),
        total=clean["found_count"],
        typed_row_count=0,
        query_text=query_text,
        query_kind=query_kind,
        is_automated=clean["cuid"].isin(busy).astype("int64"),
    )


def judged_clicks(clicks: pd.DataFrame, searches: pd.DataFrame) -> pd.DataFrame:
    """Each click with its reject reason: null if it is clean."""
    searched = searches[["search_id", "moment", "total"]].rename(
        columns={"moment": "searched_at"}
    )
    clicks = clicks.merge(searched, on="search_id", how="left")
    clicks["delay"] = clicks["moment"] - clicks["searched_at"]
    is_orphan = clicks["searched_at"].isna()
    newest = searches["moment"].max()
    is_early = newest - clicks["moment"] >= DAY
    clicks["verdict"] = reasons(
        clicks,
        (clicks["is_malformed"], "malformed_line"),
        (clicks["search_id"].isna(), "missing_search_id"),
        (clicks["cid"].isna(), "missing_cid"),
        (clicks["position"].isna(), "invalid_position"),
        ((clicks["position"] < 1).fillna(False), "position_below_one"),
        (clicks["unusable"].notna(), ""),
        (is_orphan & is_early, "orphan_click"),
        (is_orphan, "waiting"),
        (clicks["delay"] < -CLOCK_SKEW, "click_before_search"),
        (clicks["delay"] > DAY, "click_too_late"),
        ((clicks["position"] > clicks["total"]).fillna(False), "position_beyond_total"),
    )
    of_click = ["search_id", "cid"]
    good = clicks[clicks["verdict"].isna()]
    repeats = good[good.duplicated(of_click, keep=False)].sort_values(
        [*of_click, "moment", "position", "file_id", "line_number"]
    )
    moment = repeats.groupby(of_click, sort=False)["moment"]
    clicks["click_count"] = moment.transform("nunique")
    clicks["last_click"] = moment.transform("last")
    clicks["raw_row_count"] = moment.transform("size")
    clicks.loc[repeats.index[repeats.duplicated(of_click)], "verdict"] = "folded"
    return clicks.fillna(
        {"click_count": 1, "last_click": clicks["moment"], "raw_row_count": 1}
    )


def clean_clicks(judged: pd.DataFrame) -> pd.DataFrame:
    """The rows of clean_search_result_interaction."""
    clean = judged[judged["verdict"].isna()]
    return pd.DataFrame(
        {
            "search_id": clean["search_id"],
            "ts": standard(clean["moment"]),
            "cid": clean["cid"],
            "position": clean["position"].astype("int64"),
            "click_count": clean["click_count"].astype("int64"),
            "last_click_at": standard(clean["last_click"]),
            "seconds_after_search": clean["delay"] // pd.Timedelta(seconds=1),
            "is_zone_assumed": 0,
            "raw_row_count": clean["raw_row_count"].astype("int64"),
        }
    )


def rejected(raw: pd.DataFrame, judged: pd.DataFrame, log: str) -> pd.DataFrame:
    """The redacted values of rejected rows, and their reject reasons."""
    columns = texts.LOGGED_COLUMNS[log]
    number = columns[-1]
    is_rejected = judged["verdict"].notna() & ~judged["verdict"].isin(
        ("folded", "waiting")
    )
    judged, logged = judged[is_rejected], raw[is_rejected]
    readable = {"ts": judged["moment"].notna(), number: judged[number].notna()}
    shown = {}
    for column in (*columns, "malformed_line"):
        values = logged[column]
        if column in ("search_id", "cuid", "cid"):
            shown[column] = mapped(values, texts.shown_id)
        elif column in readable:
            is_shown = readable[column]
            shown[column] = values.where(is_shown, shown_text(values[~is_shown]))
        else:
            shown[column] = shown_text(values)
    return pd.DataFrame({**shown, "reject_reason": judged["verdict"]})


def shown_text(values: pd.Series) -> pd.Series:
    """Logged texts in a form that may be shown: redacted."""
    values = values.where(values.str.strip(WHITE) != "")
    is_odd = values.str.contains(texts.MAY_NEED_REDACTION)
    shown = values.str.slice(0, texts.LONGEST)
    shown[is_odd] = mapped(values[is_odd], texts.shown)
    return shown


def main(landed: Path, results: Path) -> None:
    """Cleans the logs of one folder and writes the results to another."""
    raw_requests, requests = staged(landed, "search_request")
    raw_clicks, clicks = staged(landed, "search_result_interaction")
    requests = judged_requests(requests, clicks)
    searches = clean_requests(requests)
    clicks = judged_clicks(clicks, searches)
    columns = [
        "search_id", "search_query", "ts", "cuid", "total", "query_text", "query_kind",
        "utc_offset_minutes", "is_zone_assumed", "is_ts_disputed", "is_total_disputed",
        "raw_row_count", "typed_row_count", "is_automated",
    ]  # fmt: skip
    tables = {
        "clean_search_request": searches.assign(is_zone_assumed=0)[columns],
        "clean_search_result_interaction": clean_clicks(clicks),
        "rejected_search_request": rejected(raw_requests, requests, "search_request"),
        "rejected_search_result_interaction": rejected(
            raw_clicks, clicks, "search_result_interaction"
        ),
    }
    for name, table in tables.items():
        table.to_parquet(results / f"{name}.parquet", index=False)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
