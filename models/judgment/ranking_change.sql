{{ config(post_hook=unique_index(['day'])) }}

{%- set change_days = var('reclick_days') %}

-- One row per UTC day with reclicks: clicks on a clip that was clicked for the same
-- query shortly before. If suddenly many are at another position than the last time,
-- the ranking changed.

with clicked as (
    select
        substr(ts, 1, 10) as day,
        case when position = previous_position then 0 else 1 end as is_moved
    from {{ ref('int_judged_click') }}
    where
        previous_ts is not null
        and {{ milliseconds_between('previous_ts', 'ts') }}
        <= 86400000 * {{ change_days }}
),

counted as (
    select
        day,
        count(*) as reclick_count,
        sum(is_moved) as moved_count
    from clicked
    group by day
),

day_numbered as (
    select
        day,
        cast(
            {{ milliseconds_between(
                "'2000-01-01T00:00:00.000Z'", "day || 'T00:00:00.000Z'"
            ) }} / 86400000 as integer
        ) as day_number,
        reclick_count,
        moved_count
    from counted
),

compared as (
    select
        day,
        day_number,
        reclick_count,
        moved_count,
        1.0 * moved_count / reclick_count as moved_share,
        sum(reclick_count) over of_days_before as usual_reclick_count,
        1.0 * sum(moved_count) over of_days_before
        / sum(reclick_count) over of_days_before as usual_share
    from day_numbered
    window of_days_before as (
        order by day_number
        range between {{ var('usual_days') }} preceding and 1 preceding
    )
),

risen as (
    select
        day,
        day_number,
        reclick_count,
        moved_count,
        moved_share,
        usual_share,
        case
            when
                reclick_count >= {{ var('fewest_reclicks_of_day') }}
                and usual_reclick_count >= {{ var('fewest_usual_reclicks') }}
                and moved_share > usual_share + 0.05
                + 4 * sqrt(usual_share * (1 - usual_share) / reclick_count)
                then 1
            else 0
        end as is_risen
    from compared
),

-- After a change, clicks are compared with those before it for some days more.
lately_counted as (
    select
        day,
        reclick_count,
        moved_count,
        moved_share,
        usual_share,
        is_risen,
        sum(is_risen) over (
            order by day_number
            range between {{ change_days + 3 }} preceding and 1 preceding
        ) as lately_risen_count
    from risen
),

ranking_change as (
    select
        day,
        reclick_count,
        moved_count,
        {{ rounded_ratio('moved_share', '1', 4) }} as moved_share,
        {{ rounded_ratio('usual_share', '1', 4) }} as usual_share,
        case
            when is_risen = 1 and coalesce(lately_risen_count, 0) = 0 then 1
            else 0
        end as is_change
    from lately_counted
)

select * from ranking_change
