{{ config(
    post_hook=[
        unique_index(['search_id', 'cid']),
        index_for_lookup(['query_text', 'cid', 'spell_number'])
    ]
) }}

-- One row per clip that a judged search led to, with its spell: a run of clicks on one
-- clip of one query at one position. A spell ends where the ranking changed: whether
-- the clip was elsewhere for a while, its clicks do not say.

with compared as (
    select
        click.*,
        ranking.ranking_number,
        case
            when
                click.position = click.previous_position
                and ranking.ranking_number = previous_ranking.ranking_number
                then 0
            else 1
        end as is_first_of_spell
    from {{ ref('int_ordered_click') }} as click
    -- Each day has a row. An inner join makes SQLite read all clicks for each day.
    left join {{ ref('int_ranking_of_day') }} as ranking
        on substr(click.ts, 1, 10) = ranking.day
    left join {{ ref('int_ranking_of_day') }} as previous_ranking
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
        ranking_number,
        sum(is_first_of_spell) over (
            partition by query_text, cid
            order by search_number
            rows between unbounded preceding and current row
        ) as spell_number
    from compared
)

select * from int_judged_click
