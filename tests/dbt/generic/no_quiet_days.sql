{#- Between two days on which a log was busy there is none with no rows, or next to none:
    a file that never came, or a page that stopped logging.

    A log with less than half of its rows on busy days is too small to be judged.

    fewest_rows: a day with fewer rows is quiet -#}
{% test no_quiet_days(model, fewest_rows) %}
{%- set findings -%}
with one_day as (
    select
        log,
        log_day,
        sum(row_count) as row_count
    from {{ model }}
    group by log, log_day
),

busy_log as (
    select log
    from one_day
    group by log
    having
        2 * sum(case when row_count >= {{ fewest_rows }} then row_count else 0 end)
        >= sum(row_count)
),

busy_day as (
    select
        one_day.log,
        one_day.log_day,
        lag(one_day.log_day) over (
            partition by one_day.log
            order by one_day.log_day
        ) as busy_day_before
    from one_day
    inner join busy_log on one_day.log = busy_log.log
    where one_day.row_count >= {{ fewest_rows }}
),

gap as (
    select
        log,
        log_day,
        busy_day_before,
        {{ milliseconds_between(
            "busy_day_before || 'T00:00:00.000Z'", "log_day || 'T00:00:00.000Z'"
        ) }} / 86400000.0 - 1 as quiet_day_count
    from busy_day
    where busy_day_before is not null
)

select
    log || ': ' || {{ as_text('quiet_day_count') }} || ' days with fewer than '
    || '{{ fewest_rows }} rows between ' || busy_day_before || ' and ' || log_day
        as finding
from gap
where quiet_day_count > 0.5
order by log, log_day
{%- endset -%}
{{ say_findings(findings) }}
{{ findings }}
{% endtest %}
