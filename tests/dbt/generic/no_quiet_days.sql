{#- Between two days on which a log was busy there is none with no rows, or next to none:
    a file that never came, or a page that stopped logging.

    fewest_rows: a day with fewer rows is quiet; a log without busier days is not judged -#}
{% test no_quiet_days(model, fewest_rows) %}
{%- set findings -%}
with busy_day as (
    select
        log,
        log_day,
        lag(log_day) over (partition by log order by log_day) as busy_day_before
    from {{ model }}
    group by log, log_day
    having sum(row_count) >= {{ fewest_rows }}
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
