{#- No reject rule takes a far larger share of a busy day than of the busy days before
    it.

    fewest_rows: a day with fewer rows is quiet: it is neither checked nor a reference
    days: how many previous busy days a day is compared with
    fewest_days: a day with fewer previous busy days is not checked
    jump_times: a share (0 to 1) above this multiple of the usual share is reported,
    smallest_share: if it is also above this share,
    fewest_rejects: and has at least this many rows, because two rejected rows instead
        of none can be chance

    Over 60 lines, because a data test is one query that reads from top to bottom. -#}
{% test steady_reject_share(
    model, fewest_rows, days, fewest_days, jump_times, smallest_share, fewest_rejects
) %}
{%- set findings -%}
with summed_day as (
    select
        log,
        log_day,
        sum(row_count) as row_count
    from {{ model }}
    group by log, log_day
),

busy_day as (
    select
        log,
        log_day,
        row_count,
        row_number() over (partition by log order by log_day) as day_number
    from summed_day
    where row_count >= {{ fewest_rows }}
),

rule as (
    select distinct
        log,
        reject_reason
    from {{ model }}
    where reject_reason is not null
),

rule_day as (
    select
        busy_day.log,
        busy_day.log_day,
        busy_day.day_number,
        busy_day.row_count,
        rule.reject_reason,
        coalesce(log_day.row_count, 0) as rejected_count
    from busy_day
    inner join rule on busy_day.log = rule.log
    left join {{ model }} as log_day
        on
            busy_day.log = log_day.log
            and busy_day.log_day = log_day.log_day
            and rule.reject_reason = log_day.reject_reason
),

compared as (
    select
        log,
        log_day,
        day_number,
        reject_reason,
        rejected_count,
        1.0 * rejected_count / row_count as rejected_share,
        1.0 * sum(rejected_count) over (
            partition by log, reject_reason
            order by log_day
            rows between {{ days }} preceding and 1 preceding
        ) / sum(row_count) over (
            partition by log, reject_reason
            order by log_day
            rows between {{ days }} preceding and 1 preceding
        ) as usual_share
    from rule_day
)

select
    log || ': ' || reject_reason || ' rejected ' || {{ as_text('rejected_count') }}
    || ' rows on ' || log_day || ', ' || {{ as_text('1000.0 * rejected_share') }}
    || ' of 1000; usual are ' || {{ as_text('1000.0 * usual_share') }} as finding
from compared
where
    day_number > {{ fewest_days }}
    and rejected_count >= {{ fewest_rejects }}
    and rejected_share > {{ smallest_share }}
    and rejected_share > {{ jump_times }} * usual_share
order by log_day desc, log, reject_reason
{%- endset -%}
{{ say_findings(findings) }}
{{ findings }}
{% endtest %}
