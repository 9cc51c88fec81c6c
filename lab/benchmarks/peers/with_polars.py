"""The clean layer, hand-written in polars: reads landed logs and writes Parquet."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl

from clip_search.text_rules import (
    classify_query,
    normalize_query_text,
    redact_text,
)
from lab.benchmarks.peers import texts

WHITE = texts.WHITE
CLOCK_SKEW = 2_000
DAY = 86_400_000
TIME = "%Y-%m-%dT%H:%M:%S%.3fZ"


def mapped(
    frame: pl.DataFrame, column: str, where: pl.Expr, rule: Callable[[str], Any]
) -> pl.Expr:
    """Applies a rule to the distinct values of a column in some rows."""
    odd = frame.filter(where).get_column(column)
    found = texts.changed(rule, odd)
    kind = (
        pl.Int64
        if any(isinstance(value, int) for value in found.values())
        else pl.String
    )
    return pl.col(column).replace_strict(found, default=None, return_dtype=kind)


def clean_id(frame: pl.DataFrame, column: str) -> pl.Expr:
    """A trimmed id; null if it is blank or contains personal data."""
    is_opaque = pl.col(column).str.contains(texts.OPAQUE)
    other = mapped(frame, column, ~is_opaque, texts.clean_id)
    return pl.when(is_opaque).then(column).otherwise(other).alias(column)


def whole_number(
    frame: pl.DataFrame, column: str, read_other: Callable[[str], int | None]
) -> pl.Expr:
    """The number in a logged text, or null.

    Args:
        frame: The logged rows.
        column: The column with the text.
        read_other: Reads a text that is not just up to nine digits.
    """
    is_plain = pl.col(column).str.contains("^[0-9]{1,9}$")
    other = mapped(frame, column, ~is_plain, read_other)
    plain = pl.when(is_plain).then(column).cast(pl.Int64)
    return plain.fill_null(other.cast(pl.Int64)).alias(column)


def timed(frame: pl.DataFrame) -> pl.DataFrame:
    """Adds the parsed `ts` and its offset."""
    ts = pl.col("ts")
    digits = ts.str.tail(6).str.replace(":", "", literal=True).str.strip_chars(" ")
    sign = pl.when(digits.str.starts_with("-")).then(-1).otherwise(1)
    hours = digits.str.slice(1, 2).cast(pl.Int32, strict=False)
    minutes = digits.str.slice(3, 2).cast(pl.Int32, strict=False)
    frame = frame.with_columns(
        pl.when(ts.str.contains(texts.USUAL_TIME))
        .then(ts.str.head(10) + ts.str.slice(11, 8))
        .str.to_datetime("%Y-%m-%d%H:%M:%S", strict=False)
        .alias("moment"),
        (sign * (60 * hours + minutes)).alias("offset"),
    )
    odd = frame.filter(pl.col("moment").is_null()).get_column("ts").unique().to_list()
    read = [texts.read_time(text) for text in odd]
    odd_times = pl.DataFrame(
        {
            "ts": odd,
            "odd_reading": [reading for reading, _ in read],
            "odd_offset": [offset for _, offset in read],
        },
        schema={"ts": pl.String, "odd_reading": pl.String, "odd_offset": pl.Int32},
    )
    usual = (
        (pl.col("moment") - pl.duration(minutes="offset")).dt.strftime(
            "%Y-%m-%dT%H:%M:%S."
        )
        + pl.when(ts.str.len_bytes() == 29)
        .then(ts.str.slice(20, 3))
        .otherwise(pl.lit("000"))
        + "Z"
    )
    return frame.join(
        odd_times, on="ts", how="left", nulls_equal=True, maintain_order="left"
    ).with_columns(
        pl.when(pl.col("moment").is_null())
        .then("odd_reading")
        .otherwise(usual)
        .alias("reading"),
        pl.when(pl.col("moment").is_null())
        .then("odd_offset")
        .otherwise("offset")
        .alias("utc_offset_minutes"),
    )


def staged(path: Path, log: str) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The landed rows, and the same rows with every value parsed."""
    raw = pl.read_parquet(path / f"{log}.parquet").with_row_index("row")
    columns = texts.LOGGED_COLUMNS[log]
    frame = timed(raw)
    too_long = [pl.col(c).str.len_chars().fill_null(0) > texts.LONGEST for c in columns]
    number = columns[-1]
    ids = [c for c in columns if c in ("search_id", "cuid", "cid")]
    changes = [clean_id(frame, c) for c in ids]
    if number == "total":
        total = pl.col("total").fill_null("").str.strip_chars(WHITE)
        is_unknown = total.str.to_lowercase().is_in(texts.UNKNOWN_TOTALS)
        changes += [
            whole_number(frame, number, texts.found_count),
            (~is_unknown).alias("is_total_logged"),
        ]
    else:
        changes.append(whole_number(frame, number, texts.whole_number))
    if "search_query" in columns:
        query = pl.col("search_query")
        is_usable = (query.str.strip_chars(WHITE) != "") & (
            query.str.len_chars() <= 2048
        )
        may_need = query.str.contains(texts.MAY_NEED_REDACTION) & is_usable
        redacted = mapped(frame, "search_query", may_need, redact_text)
        changes.append(
            pl.when(may_need)
            .then(redacted)
            .otherwise(pl.when(is_usable).then(query))
            .alias("search_query")
        )
    return raw, frame.with_columns(
        (pl.col("malformed_line").is_not_null() | pl.any_horizontal(too_long)).alias(
            "is_malformed"
        ),
        *changes,
        ts=pl.col("reading"),
    )


def reason(*rules: tuple[pl.Expr, pl.Expr | str]) -> pl.Expr:
    """The name of the first rule that applies."""
    return pl.coalesce(
        pl.when(applies).then(name if isinstance(name, pl.Expr) else pl.lit(name))
        for applies, name in rules
    )


def delay(earlier: pl.Expr, later: pl.Expr) -> pl.Expr:
    """Milliseconds between two times; null if one of them is unusable."""
    moments = [each.str.to_datetime(TIME, strict=False) for each in (earlier, later)]
    return (moments[1] - moments[0]).dt.total_milliseconds()


def judged_requests(requests: pl.DataFrame, clicks: pl.DataFrame) -> pl.DataFrame:
    """Each request with its reject reason: null if it is clean."""
    ts = pl.col("ts")
    requests = requests.with_columns(
        reason(
            (pl.col("is_malformed"), "malformed_line"),
            (pl.col("search_id").is_null(), "missing_search_id"),
            (pl.col("cuid").is_null(), "missing_cuid"),
            (pl.col("search_query").is_null(), "missing_query"),
            (pl.col("total").is_null() & pl.col("is_total_logged"), "invalid_total"),
            (ts > "a", ts),
        ).alias("verdict")
    )
    repeated = (
        requests.lazy()
        .filter(pl.col("verdict").is_null())
        .group_by("search_id")
        .len()
        .filter(pl.col("len") > 1)
        .collect()
    )
    valid_clicks = clicks.join(repeated, on="search_id", how="semi").filter(
        ~pl.col("is_malformed"),
        pl.col("cid").is_not_null(),
        pl.col("position") > 0,
        ts < "a",
    )
    evidence = valid_clicks.group_by("search_id").agg(first_click=ts.min())
    is_before = (ts <= pl.col("first_click")).fill_null(False)
    of_search = "search_id"
    repeats = (
        requests.filter(pl.col("verdict").is_null())
        .join(repeated, on="search_id", how="semi")
        .join(evidence, on="search_id", how="left")
        .with_columns(
            is_before=is_before,
            known_offset=pl.col("utc_offset_minutes").fill_null(1000),
        )
        .with_columns(
            latest=pl.when("is_before")
            .then(pl.col("ts").rank("dense").cast(pl.Int64))
            .otherwise(0)
        )
        .sort(
            [
                "search_id",
                "is_before",
                "latest",
                "ts",
                "search_query",
                "cuid",
                "known_offset",
                "file_id",
                "line_number",
            ],
            descending=[False, True, True, *[False] * 6],
        )
        .with_columns(
            is_first=pl.int_range(pl.len()).over(of_search) == 0,
            is_same=(
                pl.col("search_query") == pl.col("search_query").first().over(of_search)
            )
            & (pl.col("cuid") == pl.col("cuid").first().over(of_search)),
        )
        .with_columns(
            raw_row_count=pl.col("is_same").sum().over(of_search),
            is_ts_disputed=(ts.min().over(of_search) < ts.max().over(of_search))
            & ~pl.col("is_before").any().over(of_search),
            is_undecidable=~pl.col("is_same").all().over(of_search)
            & pl.col("first_click").is_null(),
            searched_at=ts.first().over(of_search),
            true_total=pl.when("is_same").then("total"),
        )
        .with_columns(largest_total=pl.col("true_total").max().over(of_search))
    )
    settled = (
        repeats.join(proven_totals(repeats, valid_clicks), on="search_id", how="left")
        .with_columns(
            is_total_disputed=(
                (pl.col("true_total") >= pl.col("proven_total").fill_null(0))
                & (pl.col("true_total") < pl.col("largest_total"))
            )
            .any()
            .over(of_search)
        )
        .select(
            "row",
            "raw_row_count",
            "is_ts_disputed",
            "is_total_disputed",
            "largest_total",
            settled=reason(
                (
                    pl.col("is_undecidable") | ~pl.col("is_same"),
                    "conflicting_search_id",
                ),
                (~pl.col("is_first"), "folded"),
            ),
        )
    )
    return requests.join(
        settled, on="row", how="left", maintain_order="left"
    ).with_columns(
        pl.coalesce("verdict", "settled").alias("verdict"),
        pl.col("raw_row_count").fill_null(1).cast(pl.Int64),
        pl.col("is_ts_disputed").fill_null(False).cast(pl.Int64),
        pl.col("is_total_disputed").fill_null(False).cast(pl.Int64),
        found_count=pl.coalesce("largest_total", "total"),
    )


def proven_totals(repeats: pl.DataFrame, clicks: pl.DataFrame) -> pl.DataFrame:
    """How many results at least the clicks on each search prove.

    Args:
        repeats: The requests of each search_id, with the largest of their totals.
        clicks: The valid clicks on these search_ids.
    """
    searches = repeats.select("search_id", "searched_at", "largest_total").unique()
    after = delay(pl.col("searched_at"), pl.col("ts"))
    return (
        clicks.join(searches, on="search_id")
        .filter(
            pl.col("position") <= pl.col("largest_total"),
            after.is_between(-CLOCK_SKEW, DAY),
        )
        .group_by("search_id")
        .agg(proven_total=pl.col("position").max())
    )


def clean_requests(judged: pl.DataFrame) -> pl.DataFrame:
    """The rows of clean_search_request."""
    clean = judged.filter(pl.col("verdict").is_null())
    query = pl.col("search_query")
    is_odd = query.str.contains(texts.IS_ODD_QUERY)
    may_have_kind = query.str.contains(texts.MAY_HAVE_KIND)
    busy = (
        clean.group_by("cuid", pl.col("ts").str.head(10).alias("day"))
        .len()
        .filter(pl.col("len") > 500)
    )
    return clean.select(
        "search_id",
        "search_query",
        "ts",
        "cuid",
        pl.col("found_count").alias("total"),
        pl.when(is_odd)
        .then(mapped(clean, "search_query", is_odd, normalize_query_text))
        .otherwise(query.str.to_lowercase().str.strip_chars(" "))
        .alias("query_text"),
        mapped(clean, "search_query", may_have_kind, classify_query)
        .fill_null("text")
        .alias("query_kind"),
        "utc_offset_minutes",
        pl.lit(0, pl.Int64).alias("is_zone_assumed"),
        "is_ts_disputed",
        "is_total_disputed",
        "raw_row_count",
        pl.lit(0).alias("typed_row_count"),
        pl.col("cuid")
        .is_in(busy["cuid"].implode())
        .cast(pl.Int64)
        .alias("is_automated"),
    )


def judged_clicks(clicks: pl.DataFrame, searches: pl.DataFrame) -> pl.DataFrame:
    """Each click with its reject reason: null if it is clean."""
    ts, after = pl.col("ts"), pl.col("delay")
    is_orphan = pl.col("searched_at").is_null()
    newest = pl.lit(searches["ts"].max(), pl.String)
    clicks = clicks.join(
        searches.select("search_id", "total", searched_at="ts"),
        on="search_id",
        how="left",
        maintain_order="left",
    )
    clicks = clicks.with_columns(
        delay=delay(pl.col("searched_at"), ts), age=delay(ts, newest)
    ).with_columns(
        reason(
            (pl.col("is_malformed"), "malformed_line"),
            (pl.col("search_id").is_null(), "missing_search_id"),
            (pl.col("cid").is_null(), "missing_cid"),
            (pl.col("position").is_null(), "invalid_position"),
            (pl.col("position") < 1, "position_below_one"),
            (ts > "a", ts),
            (is_orphan & (pl.col("age") >= DAY), "orphan_click"),
            (is_orphan, "waiting"),
            (after < -CLOCK_SKEW, "click_before_search"),
            (after > DAY, "click_too_late"),
            (pl.col("position") > pl.col("total"), "position_beyond_total"),
        ).alias("verdict")
    )
    of_click = ["search_id", "cid"]
    folding = (
        clicks.filter(pl.col("verdict").is_null())
        .select("row", *of_click, "ts", "position", "file_id", "line_number")
        .sort([*of_click, "ts", "position", "file_id", "line_number"])
        .group_by(of_click, maintain_order=True)
        .agg(
            pl.col("row"),
            click_count=ts.n_unique(),
            last_click_at=ts.last(),
            raw_row_count=pl.len(),
        )
        .with_columns(first_row=pl.col("row").list.first())
        .explode("row")
        .select("row", "first_row", "click_count", "last_click_at", "raw_row_count")
    )
    return clicks.join(
        folding, on="row", how="left", maintain_order="left"
    ).with_columns(
        pl.when(pl.col("row") != pl.col("first_row"))
        .then(pl.lit("folded"))
        .otherwise("verdict")
        .alias("verdict")
    )


def rejected(raw: pl.DataFrame, judged: pl.DataFrame, log: str) -> pl.DataFrame:
    """The redacted values of rejected rows, and their reject reasons."""
    columns = texts.LOGGED_COLUMNS[log]
    number = columns[-1]
    verdicts = judged.filter(
        pl.col("verdict").is_not_null(),
        ~pl.col("verdict").is_in(["folded", "waiting"]),
    )
    logged = raw.join(
        verdicts.select("row", "verdict", reading="ts", number=number), on="row"
    )
    every = pl.lit(True)
    shown = {c: text(logged, c) for c in (*columns, "malformed_line")}
    for c in ("search_id", "cuid", "cid"):
        if c in columns:
            shown[c] = mapped(logged, c, every, texts.shown_id)
    shown["ts"] = pl.when(pl.col("reading") < "a").then("ts").otherwise(shown["ts"])
    shown[number] = (
        pl.when(pl.col("number").is_not_null()).then(number).otherwise(shown[number])
    )
    return logged.select(
        *(expression.alias(c) for c, expression in shown.items()),
        reject_reason="verdict",
    )


def text(frame: pl.DataFrame, column: str) -> pl.Expr:
    """A logged text in a form that may be shown: redacted."""
    value = pl.col(column)
    is_odd = value.str.contains(texts.MAY_NEED_REDACTION)
    is_blank = value.str.strip_chars(WHITE) == ""
    return (
        pl.when(is_blank)
        .then(None)
        .when(is_odd)
        .then(mapped(frame, column, is_odd, texts.shown))
        .otherwise(value.str.head(texts.LONGEST))
    )


def main(landed: Path, results: Path) -> None:
    """Cleans the logs of one folder and writes the results to another."""
    raw_requests, requests = staged(landed, "search_request")
    raw_clicks, clicks = staged(landed, "search_result_interaction")
    requests = judged_requests(requests, clicks)
    searches = clean_requests(requests)
    searches.write_parquet(results / "clean_search_request.parquet")
    clicks = judged_clicks(clicks, searches)
    clicks.filter(pl.col("verdict").is_null()).select(
        "search_id",
        "ts",
        "cid",
        "position",
        "click_count",
        "last_click_at",
        (pl.col("delay") // 1000).alias("seconds_after_search"),
        pl.lit(0, pl.Int64).alias("is_zone_assumed"),
        "raw_row_count",
    ).write_parquet(results / "clean_search_result_interaction.parquet")
    rejected(raw_requests, requests, "search_request").write_parquet(
        results / "rejected_search_request.parquet"
    )
    rejected(raw_clicks, clicks, "search_result_interaction").write_parquet(
        results / "rejected_search_result_interaction.parquet"
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
