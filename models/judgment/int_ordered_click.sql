{{ config(post_hook=unique_index(['search_id', 'cid'])) }}

-- One row per clip that a judged search led to, with the click before it on the same
-- clip for the same query.

with int_ordered_click as (
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
)

select * from int_ordered_click
