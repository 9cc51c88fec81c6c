{{ config(post_hook=index_for_lookup(['move_id'])) }}

-- Two rows per set of searches and move of a clip of a query: its clicks at one
-- position under one ranking, and at another under the next one under which it was
-- clicked. Only such clips tell what a position does.
--
-- A ranking shows a clip at one position, so each search under it was an impression. A
-- clip that was clicked at several positions meanwhile says nothing. Two clicks at two
-- positions do not either: without them, nobody would know that the clip was there.

with clicked as (
    select
        'whole_log' as learned_from,
        query_text,
        cid,
        ranking_number,
        min(position) as position,
        count(*) as click_count
    from {{ ref('int_judged_click') }}
    group by query_text, cid, ranking_number
    having min(position) = max(position)
    union all
    select
        'before_holdout' as learned_from,
        query_text,
        cid,
        ranking_number,
        min(position) as position,
        count(*) as click_count
    from {{ ref('int_judged_click') }}
    where is_early = 1
    group by query_text, cid, ranking_number
    having min(position) = max(position)
),

compared as (
    select
        learned_from,
        query_text,
        cid,
        ranking_number,
        position,
        click_count,
        lag(ranking_number) over of_clip as previous_ranking_number,
        lag(position) over of_clip as previous_position,
        lag(click_count) over of_clip as previous_click_count
    from clicked
    where position <= {{ var('results_per_page') }}
    window of_clip as (
        partition by learned_from, query_text, cid order by ranking_number
    )
),

moved as {{ materialized() }} (
    select compared.*
    from compared
    inner join {{ ref('int_query_alternation') }} as alternation
        on compared.query_text = alternation.query_text
    where
        alternation.is_alternating = 0
        and compared.position <> compared.previous_position
        and compared.click_count + compared.previous_click_count > 2
),

moved_query as (
    select distinct query_text from moved
),

-- Few different numbers, since a catalogue seldom changes what one query finds.
searched as {{ materialized() }} (
    select
        search.query_text,
        ranking.ranking_number,
        case
            when search.total < {{ var('results_per_page') }} then search.total
            else {{ var('results_per_page') }}
        end as shown_clip_count,
        count(*) as search_count,
        sum(search.is_early) as early_search_count
    from {{ ref('int_judged_search') }} as search
    inner join moved_query
        on search.query_text = moved_query.query_text
    left join {{ ref('int_ranking_of_day') }} as ranking
        on substr(search.ts, 1, 10) = ranking.day
    group by search.query_text, ranking.ranking_number, shown_clip_count
),

-- A number is much faster to sort by than two texts.
numbered as {{ materialized() }} (
    select
        *,
        row_number() over (
            order by learned_from, query_text, cid, ranking_number
        ) as move_id
    from moved
),

side as (
    select
        move_id,
        learned_from,
        query_text,
        ranking_number,
        position,
        click_count,
        click_count + previous_click_count as both_click_count
    from numbered
    union all
    select
        move_id,
        learned_from,
        query_text,
        previous_ranking_number as ranking_number,
        previous_position as position,
        previous_click_count as click_count,
        click_count + previous_click_count as both_click_count
    from numbered
),

int_position_move as (
    select
        side.move_id,
        side.learned_from,
        side.position,
        side.click_count,
        side.both_click_count,
        sum(
            case side.learned_from
                when 'whole_log' then searched.search_count
                else searched.early_search_count
            end
        ) as search_count
    from side
    inner join searched
        on
            side.query_text = searched.query_text
            and side.ranking_number = searched.ranking_number
            and side.position <= searched.shown_clip_count
    group by
        side.move_id,
        side.learned_from,
        side.position,
        side.click_count,
        side.both_click_count
)

select * from int_position_move
