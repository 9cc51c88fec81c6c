{%- set is_waiting = is_waiting_click(ref('clean_search_request')) -%}

-- One row per log, UTC day, outcome and reject reason: the ledger by day, which the
-- freshness and volume checks read.
--
-- A row without a usable time is counted on the most frequent day among the rows around
-- it, in the same hundred lines of its file. So a day on which times break shows up.
--
-- A data test checks that the days add up to the ledger, so the ledger is built first.
-- depends_on: {{ ref('log_ledger') if not execute }}

with checked_row as (
    select
        'search_request' as log,
        file_id,
        line_number - line_number % 100 as lines_from,
        substr(ts, 1, 10) as log_day,
        outcome,
        reject_reason
    from {{ ref('int_search_request_checked') }}
    union all
    select
        'search_result_interaction' as log,
        file_id,
        line_number - line_number % 100 as lines_from,
        substr(ts, 1, 10) as log_day,
        case when {{ is_waiting }} then 'waiting' else outcome end as outcome,
        case when not ({{ is_waiting }}) then reject_reason end as reject_reason
    from {{ ref('int_search_result_interaction_checked') }}
),

-- Few rows have no time, so few lines are looked at twice.
undated as (
    select
        log,
        file_id,
        lines_from,
        outcome,
        reject_reason,
        count(*) as row_count
    from checked_row
    where log_day is null
    group by log, file_id, lines_from, outcome, reject_reason
),

day_around as (
    select
        log,
        file_id,
        lines_from,
        log_day,
        row_number() over (
            partition by log, file_id, lines_from
            order by count(*) desc, log_day asc
        ) as place
    from checked_row
    where
        log_day is not null
        and (log, file_id, lines_from) in (
            select
                undated.log,
                undated.file_id,
                undated.lines_from
            from undated
        )
    group by log, file_id, lines_from, log_day
),

counted as (
    select
        log,
        log_day,
        outcome,
        reject_reason,
        count(*) as row_count
    from checked_row
    where log_day is not null
    group by log, log_day, outcome, reject_reason
    union all
    select
        undated.log,
        day_around.log_day,
        undated.outcome,
        undated.reject_reason,
        undated.row_count
    from undated
    left join day_around
        on
            undated.log = day_around.log
            and undated.file_id = day_around.file_id
            and undated.lines_from = day_around.lines_from
            and day_around.place = 1
),

log_day as (
    select
        log,
        log_day,
        outcome,
        reject_reason,
        sum(row_count) as row_count
    from counted
    group by log, log_day, outcome, reject_reason
)

select * from log_day
