{{ config(post_hook=unique_index(['day'])) }}

{%- set change_window = var('change_window_days') %}

-- One row per UTC day with reclicks: clicks on a clip that was clicked for the same
-- query shortly before. If suddenly many are at another position than the last time,
-- the ranking changed.

with clicked as (
    select
        substr(ts, 1, 10) as day,
        case when position = previous_position then 0 else 1 end as is_moved
    from {{ ref('int_ordered_click') }}
    where
        previous_ts is not null
        and {{ milliseconds_between('previous_ts', 'ts') }}
        <= 86400000 * {{ var('reclick_days') }}
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

-- A few days together, since one day may have few reclicks.
added_up as (
    select
        day,
        day_number,
        reclick_count,
        moved_count,
        sum(reclick_count) over of_window as window_reclick_count,
        sum(moved_count) over of_window as window_moved_count,
        sum(reclick_count) over of_days_before as usual_reclick_count,
        sum(moved_count) over of_days_before as usual_moved_count
    from day_numbered
    window
        of_window as (
            order by day_number
            range between {{ change_window - 1 }} preceding and current row
        ),
        of_days_before as (
            order by day_number
            range between {{ change_window + var('usual_days') - 1 }} preceding
            and {{ change_window }} preceding
        )
),

-- One reclick of each kind more, so that a share of 0 is not certain.
compared as (
    select
        day,
        day_number,
        reclick_count,
        moved_count,
        window_reclick_count,
        window_moved_count,
        1e0 * window_moved_count / window_reclick_count as moved_share,
        usual_reclick_count,
        1e0 * usual_moved_count / usual_reclick_count as usual_share,
        1e0 * (usual_moved_count + 1) / (usual_reclick_count + 2) as expected_share
    from added_up
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
                window_moved_count >= {{ var('fewest_moved_reclicks') }}
                and usual_reclick_count >= {{ var('fewest_usual_reclicks') }}
                and moved_share > expected_share + 0.05
                + 4 * sqrt(
                    expected_share * (1 - expected_share) / window_reclick_count
                )
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
            range between {{ var('reclick_days') + change_window }} preceding
            and 1 preceding
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
