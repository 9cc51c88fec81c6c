{%- set is_waiting = is_waiting_click(ref('int_search_request_checked')) -%}

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

day_ranked as (
    select
        log,
        file_id,
        lines_from,
        own_day,
        row_number() over (
            partition by log, file_id, lines_from
            order by sum(row_count) desc, own_day asc
        ) as day_rank
    from counted
    where own_day is not null
    group by log, file_id, lines_from, own_day
),

dated as (
    select
        counted.log,
        coalesce(counted.own_day, day_ranked.own_day) as log_day,
        counted.outcome,
        counted.reject_reason,
        counted.row_count
    from counted
    left join day_ranked
        on
            counted.log = day_ranked.log
            and counted.file_id = day_ranked.file_id
            and counted.lines_from = day_ranked.lines_from
            and day_ranked.day_rank = 1
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
