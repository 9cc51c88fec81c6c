{{ config(
    post_hook=[
        unique_index(['search_id', 'cid']),
        index_for_lookup(['query_text', 'cid', 'spell_number'])
    ]
) }}

-- One row per clip that a judged search led to, with its spell: a run of clicks on one
-- clip of one query at one position.

with clicked as (
    select
        search.search_id,
        search.query_text,
        click.cid,
        click.position,
        search.search_number,
        search.cuid,
        search.ts,
        click.ts as clicked_at,
        search.is_early,
        lag(click.position) over of_clip as previous_position,
        lag(search.ts) over of_clip as previous_ts
    from {{ ref('int_judged_search') }} as search
    inner join {{ ref('clean_search_result_interaction') }} as click
        on search.search_id = click.search_id
    window of_clip as (
        partition by search.query_text, click.cid order by search.search_number
    )
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
        previous_position,
        previous_ts,
        sum(case when previous_position = position then 0 else 1 end) over (
            partition by query_text, cid
            order by search_number
            rows between unbounded preceding and current row
        ) as spell_number
    from clicked
)

select * from int_judged_click
