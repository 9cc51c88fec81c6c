{#- Between two busy days of a log there is no day with few rows or none, which would
    mean a file that never arrived, or a page that stopped logging.

    A log with less than half of its rows on busy days is too small to be judged. The
    usual number of rows is the harmonic mean of the busy days.

    fewest_rows: a day with at least this many rows is busy
    drop_share: a day with fewer rows than that, and fewer than this share of the usual
        number, is quiet

    Over 60 lines, because a data test is one query that reads from top to bottom. -#}
{% test no_quiet_days(model, fewest_rows, drop_share) %}
{%- set findings -%}
with one_day as (
    select
        log,
        log_day,
        sum(row_count) as row_count
    from {{ model }}
    group by log, log_day
),

usual_day as (
    select
        log,
        count(*) / sum(1.0 / row_count) as usual_count,
        sum(row_count) as busy_row_count
    from one_day
    where row_count >= {{ fewest_rows }}
    group by log
),

busy_log as (
    select
        usual_day.log,
        case
            when {{ drop_share }} * usual_day.usual_count < {{ fewest_rows }}
                then {{ drop_share }} * usual_day.usual_count
            else {{ fewest_rows }}
        end as quiet_below
    from usual_day
    inner join (
        select
            log,
            sum(row_count) as row_count
        from one_day
        group by log
    ) as whole_log on usual_day.log = whole_log.log
    where 2 * usual_day.busy_row_count >= whole_log.row_count
),

busy_day as (
    select
        one_day.log,
        one_day.log_day,
        busy_log.quiet_below,
        lag(one_day.log_day) over (
            partition by one_day.log
            order by one_day.log_day
        ) as busy_day_before
    from one_day
    inner join busy_log on one_day.log = busy_log.log
    where one_day.row_count >= busy_log.quiet_below
),

gap as (
    select
        log,
        log_day,
        quiet_below,
        busy_day_before,
        {{ milliseconds_between(
            "busy_day_before || 'T00:00:00.000Z'", "log_day || 'T00:00:00.000Z'"
        ) }} / 86400000.0 - 1 as quiet_day_count
    from busy_day
    where busy_day_before is not null
)

select
    log || ': ' || {{ as_text('quiet_day_count') }} || ' days with fewer than '
    || {{ as_text('quiet_below') }} || ' rows between ' || busy_day_before || ' and ' || log_day
        as finding
from gap
where quiet_day_count > 0.5
order by log_day desc, log
{%- endset -%}
{{ say_findings(findings) }}
{{ findings }}
{% endtest %}
