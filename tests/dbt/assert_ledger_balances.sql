-- Every raw row ends in exactly one bucket: for each log,
-- raw = clean + folded + waiting + rejected.

with balance as (
    select
        log,
        sum(case when outcome = 'raw' then row_count else 0 end) as raw_count,
        sum(case when outcome <> 'raw' then row_count else 0 end) as accounted_count
    from {{ ref('log_ledger') }}
    group by log
)

select
    log,
    raw_count,
    accounted_count
from balance
where raw_count <> accounted_count
