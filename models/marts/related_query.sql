{{ config(post_hook=unique_index(['query_text', 'related_text'])) }}

-- One row per query_text and related query: searches for both led to clicks on the same
-- clips, or users typed the related query right after the first. Only queries that
-- enough users typed and that have no rewrite; the best few for each query.

-- Numbered in the order of their texts, because numbers are cheaper to pair and sort.
with popular_query as (
    select
        query_frequency.query_text,
        query_frequency.user_count,
        row_number() over (order by query_frequency.query_text) as query_number
    from {{ ref('query_frequency') }} as query_frequency
    left join {{ ref('query_rewrite') }} as query_rewrite
        on query_frequency.query_text = query_rewrite.query_text
    where
        query_frequency.user_count >= {{ var('min_users') }}
        and query_rewrite.query_text is null
),

clicked_clip as (
    select
        popular_query.query_number,
        click.cid
    from {{ ref('int_enrichable_search') }} as search
    inner join {{ ref('clean_search_result_interaction') }} as click
        on search.search_id = click.search_id
    inner join popular_query
        on search.query_text = popular_query.query_text
    where search.clip_count > 0
    group by popular_query.query_number, click.cid
),

-- A clip that many queries lead to says nothing about how they are related.
telling_clip as (
    select cid
    from clicked_clip
    group by cid
    having count(*) between 2 and {{ var('most_queries_of_telling_clip') }}
),

told_clip as (
    select
        clicked_clip.query_number,
        clicked_clip.cid
    from clicked_clip
    inner join telling_clip
        on clicked_clip.cid = telling_clip.cid
),

pair as (
    select
        told_clip.query_number,
        other.query_number as other_number,
        count(*) as shared_clip_count
    from told_clip
    inner join told_clip as other
        on
            told_clip.cid = other.cid
            and told_clip.query_number < other.query_number
    group by told_clip.query_number, other.query_number
),

retried as (
    select
        popular_query.query_number,
        other.query_number as related_number,
        reformulation.user_count as retried_user_count
    from {{ ref('reformulation') }} as reformulation
    inner join popular_query
        on reformulation.query_text = popular_query.query_text
    inner join popular_query as other
        on reformulation.next_query_text = other.query_text
),

named as (
    select
        query_number,
        other_number as related_number,
        shared_clip_count,
        0 as retried_user_count
    from pair
    union all
    select
        other_number as query_number,
        query_number as related_number,
        shared_clip_count,
        0 as retried_user_count
    from pair
    union all
    select
        query_number,
        related_number,
        0 as shared_clip_count,
        retried_user_count
    from retried
),

counted as (
    select
        query_number,
        related_number,
        sum(shared_clip_count) as shared_clip_count,
        sum(retried_user_count) as retried_user_count
    from named
    group by query_number, related_number
    having sum(shared_clip_count) + sum(retried_user_count) >= 2
),

ranked as (
    select
        query_number,
        related_number,
        shared_clip_count,
        retried_user_count,
        row_number() over (
            partition by query_number
            order by
                shared_clip_count + 2 * retried_user_count desc, related_number asc
        ) as place
    from counted
),

related_query as (
    select
        popular_query.query_text,
        related.query_text as related_text,
        ranked.place,
        ranked.shared_clip_count,
        ranked.retried_user_count,
        related.user_count as related_user_count
    from ranked
    inner join popular_query
        on ranked.query_number = popular_query.query_number
    inner join popular_query as related
        on ranked.related_number = related.query_number
    where ranked.place <= {{ var('related_queries') }}
)

select * from related_query
