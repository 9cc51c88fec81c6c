{%- set is_waiting = is_waiting_click(ref('clean_search_request')) -%}

-- One row per log, UTC day, outcome and reject reason: the ledger by day, which the
-- freshness and volume checks read.
--
-- A row without a usable time is counted on the most frequent day among the rows around
-- it, in the same hundred lines of its file. So a day on which times break shows up.
--
-- A data test checks that the days add up to the ledger, so the ledger is built first.
-- depends_on: {{ ref('log_ledger') if not execute }}

with judged_click as (
    select
        file_id,
        line_number,
        ts,
        case when {{ is_waiting }} then 'waiting' else outcome end as outcome,
        case when not ({{ is_waiting }}) then reject_reason end as reject_reason
    from {{ ref('int_search_result_interaction_checked') }}
),

counted as (
    select
        'search_request' as log,
        file_id,
        line_number - line_number % 100 as lines_from,
        substr(ts, 1, 10) as own_day,
        outcome,
        reject_reason,
        count(*) as row_count
    from {{ ref('int_search_request_checked') }}
    group by
        file_id,
        line_number - line_number % 100,
        substr(ts, 1, 10),
        outcome,
        reject_reason
    union all
    select
        'search_result_interaction' as log,
        file_id,
        line_number - line_number % 100 as lines_from,
        substr(ts, 1, 10) as own_day,
        outcome,
        reject_reason,
        count(*) as row_count
    from judged_click
    group by
        file_id,
        line_number - line_number % 100,
        substr(ts, 1, 10),
        outcome,
        reject_reason
),

day_counted as (
    select
        log,
        file_id,
        lines_from,
        own_day,
        outcome,
        reject_reason,
        row_count,
        sum(row_count) over (
            partition by log, file_id, lines_from, own_day
        ) as day_row_count
    from counted
),

dated as (
    select
        log,
        outcome,
        reject_reason,
        row_count,
        coalesce(
            own_day,
            first_value(own_day) over (
                partition by log, file_id, lines_from
                order by
                    case when own_day is null then 1 else 0 end asc,
                    day_row_count desc,
                    own_day asc
            )
        ) as log_day
    from day_counted
),

log_day as (
    select
        log,
        log_day,
        outcome,
        reject_reason,
        sum(row_count) as row_count
    from dated
    group by log, log_day, outcome, reject_reason
)

select * from log_day
