{{ config(post_hook=unique_index(['query_text', 'related_text'])) }}

-- One row per query_text and related query: searches for both led to clicks on the same
-- clips, or users typed the related query right after the first. Only queries that
-- enough users typed and that have no rewrite; the best few for each query. A log with
-- too few popular queries has none, and each kind of evidence counts only if there is
-- enough of it.

with popular_query as (
    select
        query_frequency.query_text,
        query_frequency.user_count
    from {{ ref('query_frequency') }} as query_frequency
    left join {{ ref('query_rewrite') }} as query_rewrite
        on query_frequency.query_text = query_rewrite.query_text
    where
        query_frequency.user_count >= {{ var('min_users') }}
        and query_rewrite.query_text is null
        and {{ is_supported('popular queries') }}
),

clicked_clip as (
    select
        search.query_text,
        click.cid
    from {{ ref('int_enrichable_search') }} as search
    inner join {{ ref('clean_search_result_interaction') }} as click
        on search.search_id = click.search_id
    inner join popular_query
        on search.query_text = popular_query.query_text
    where search.clip_count > 0 and {{ is_supported('shared clips') }}
    group by search.query_text, click.cid
),

-- A clip that many queries lead to says nothing about how they are related.
telling_clip as (
    select cid
    from clicked_clip
    group by cid
    having count(*) between 2 and {{ var('most_queries_of_telling_clip') }}
),

sharing as (
    select
        clicked_clip.query_text,
        other.query_text as related_text,
        count(*) as shared_clip_count,
        0 as retried_user_count
    from telling_clip
    inner join clicked_clip
        on telling_clip.cid = clicked_clip.cid
    inner join clicked_clip as other
        on
            telling_clip.cid = other.cid
            and clicked_clip.query_text <> other.query_text
    group by clicked_clip.query_text, other.query_text
),

retried as (
    select
        reformulation.query_text,
        reformulation.next_query_text as related_text,
        0 as shared_clip_count,
        reformulation.user_count as retried_user_count
    from {{ ref('reformulation') }} as reformulation
    inner join popular_query
        on reformulation.query_text = popular_query.query_text
    inner join popular_query as other
        on reformulation.next_query_text = other.query_text
    where {{ is_supported('reformulations') }}
),

named as (
    select * from sharing
    union all
    select * from retried
),

counted as (
    select
        query_text,
        related_text,
        sum(shared_clip_count) as shared_clip_count,
        sum(retried_user_count) as retried_user_count
    from named
    group by query_text, related_text
    having sum(shared_clip_count) + sum(retried_user_count) >= 2
),

ranked as (
    select
        query_text,
        related_text,
        shared_clip_count,
        retried_user_count,
        row_number() over (
            partition by query_text
            order by
                shared_clip_count + 2 * retried_user_count desc, related_text asc
        ) as place
    from counted
),

related_query as (
    select
        ranked.query_text,
        ranked.related_text,
        ranked.place,
        ranked.shared_clip_count,
        ranked.retried_user_count,
        query_frequency.user_count as related_user_count
    from ranked
    inner join {{ ref('query_frequency') }} as query_frequency
        on ranked.related_text = query_frequency.query_text
    where ranked.place <= {{ var('related_queries') }}
)

select * from related_query
