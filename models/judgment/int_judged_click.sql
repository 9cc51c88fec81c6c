{{ config(
    post_hook=[
        unique_index(['search_id', 'cid']),
        index_for_lookup(['query_text', 'cid', 'spell_number'])
    ]
) }}

-- One row per clip that a judged search led to, with its spell: a run of clicks on one
-- clip of one query at one position. A spell ends where the ranking changed: whether
-- the clip was elsewhere for a while, its clicks do not say.

with change_day as (
    select day from {{ ref('ranking_change') }}
    where is_change = 1
),

-- Days, which are fewer than clicks: how many changes there were until each.
clicked_day as (
    select distinct substr(ts, 1, 10) as day
    from {{ ref('int_ordered_click') }}
),

ranking_of_day as {{ materialized() }} (
    select
        clicked_day.day,
        count(change_day.day) as change_count
    from clicked_day
    left join change_day
        on clicked_day.day >= change_day.day
    group by clicked_day.day
),

compared as (
    select
        click.*,
        case
            when
                click.position = click.previous_position
                and ranking.change_count = previous_ranking.change_count
                then 0
            else 1
        end as is_first_of_spell
    from {{ ref('int_ordered_click') }} as click
    -- Each day has a row. An inner join makes SQLite read all clicks for each day.
    left join ranking_of_day as ranking
        on substr(click.ts, 1, 10) = ranking.day
    left join ranking_of_day as previous_ranking
        on substr(click.previous_ts, 1, 10) = previous_ranking.day
),

int_judged_click as (
    select
        search_id,
        query_text,
        cid,
        position,
        search_number,
        cuid,
        ts,
        clicked_at,
        is_early,
        sum(is_first_of_spell) over (
            partition by query_text, cid
            order by search_number
            rows between unbounded preceding and current row
        ) as spell_number
    from compared
)

select * from int_judged_click
