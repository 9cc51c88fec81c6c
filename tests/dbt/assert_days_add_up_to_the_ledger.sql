-- The ledger by day contains the same rows as the ledger, except for what was shown:
-- that log has no times.

with by_day as (
    select
        log,
        outcome,
        coalesce(reject_reason, '') as reason,
        sum(row_count) as row_count
    from {{ ref('log_day') }}
    group by log, outcome, coalesce(reject_reason, '')
),

whole as (
    select
        log,
        outcome,
        coalesce(reject_reason, '') as reason,
        row_count
    from {{ ref('log_ledger') }}
    where outcome <> 'raw' and row_count > 0 and log <> 'search_result_shown'
)

select
    whole.log,
    whole.outcome,
    whole.reason,
    whole.row_count,
    by_day.row_count as row_count_by_day
from whole
left join by_day
    on
        whole.log = by_day.log
        and whole.outcome = by_day.outcome
        and whole.reason = by_day.reason
where coalesce(by_day.row_count, 0) <> whole.row_count
