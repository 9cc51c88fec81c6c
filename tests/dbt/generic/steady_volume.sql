{#- No busy day has far fewer or far more rows than the busy days before it. The usual
    number is their harmonic mean, which single days with a crawler hardly change. The
    latest day may be incomplete, so it is not reported for too few rows.

    fewest_rows: a day with fewer rows is quiet: it is neither checked nor a reference
    days: how many previous busy days a day is compared with
    fewest_days: a day with fewer previous busy days is not checked
    drop_share: fewer rows than this share of the usual number are reported
    jump_share: more rows than this share of the usual number are reported -#}
{% test steady_volume(model, fewest_rows, days, fewest_days, drop_share, jump_share) %}
{%- set findings -%}
with busy_day as (
    select
        log,
        log_day,
        sum(row_count) as row_count
    from {{ model }}
    group by log, log_day
    having sum(row_count) >= {{ fewest_rows }}
),

compared as (
    select
        log,
        log_day,
        row_count,
        1 / avg(1.0 / row_count) over (
            partition by log
            order by log_day
            rows between {{ days }} preceding and 1 preceding
        ) as usual_count,
        row_number() over (partition by log order by log_day) as day_number,
        row_number() over (partition by log order by log_day desc) as day_from_end
    from busy_day
)

select
    log || ': ' || {{ as_text('row_count') }} || ' rows on ' || log_day || ', '
    || {{ as_text('100.0 * row_count / usual_count') }} || ' % of the usual '
    || {{ as_text('usual_count') }} as finding
from compared
where
    day_number > {{ fewest_days }}
    and (
        row_count > {{ jump_share }} * usual_count
        or (row_count < {{ drop_share }} * usual_count and day_from_end > 1)
    )
order by log_day desc, log
{%- endset -%}
{{ say_findings(findings) }}
{{ findings }}
{% endtest %}
