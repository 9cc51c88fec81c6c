{{ config(post_hook=unique_index(['query_text'])) }}

-- One row per query_text with a proposed rewrite: the table that a search engine reads.
-- No rewritten_text is the query_text of another row, so one lookup is enough and there
-- are no cycles.

with settled as (
    select * from {{ ref('int_settled_rewrite') }}
),

rewritten_word as (
    {{ words_of('settled', 'rewritten_text', ['query_text']) }}
),

unlisted_counted as (
    select
        rewritten_word.query_text,
        sum(case when english_word.word is null then 1 else 0 end)
            as unlisted_word_count
    from rewritten_word
    left join {{ ref('english_word') }} as english_word
        on rewritten_word.word = english_word.word
    group by rewritten_word.query_text
),

search_ranked as (
    select
        search.query_text,
        search.search_id,
        row_number() over (
            partition by search.query_text order by search.search_id
        ) as place
    from {{ ref('int_enrichable_search') }} as search
    inner join settled
        on search.query_text = settled.query_text
),

supporting_search as (
    select
        query_text,
        max(case when place = 1 then search_id end)
        || coalesce(max(case when place = 2 then ' ' || search_id end), '')
        || coalesce(max(case when place = 3 then ' ' || search_id end), '')
            as supporting_search_ids
    from search_ranked
    where place <= 3
    group by query_text
),

query_rewrite as (
    select
        settled.query_text,
        settled.rewritten_text,
        settled.via_text,
        settled.tier,
        settled.rule,
        settled.score,
        case
            when unlisted_counted.unlisted_word_count = 0 then 1
            when coalesce(rewritten.user_count, 0) < {{ var('min_users') }} then 0
            when {{ is_dominated('rewritten.search_count', 'rewritten.user_count') }}
                then 0
            else 1
        end as is_publishable,
        coalesce(typed.search_count, 0) as search_count,
        coalesce(typed.user_count, 0) as user_count,
        case
            when typed.query_text is null then 0 else typed.zero_result_count
        end as zero_result_count,
        coalesce(rewritten.user_count, 0) as rewritten_user_count,
        coalesce(rewritten.clicked_search_count, 0) as rewritten_clicked_search_count,
        coalesce(feature.retried_user_count, 0) as retried_user_count,
        coalesce(feature.shared_clip_count, 0) as shared_clip_count,
        supporting_search.supporting_search_ids
    from settled
    inner join unlisted_counted
        on settled.query_text = unlisted_counted.query_text
    left join {{ ref('query_frequency') }} as typed
        on settled.query_text = typed.query_text
    left join {{ ref('query_frequency') }} as rewritten
        on settled.rewritten_text = rewritten.query_text
    left join {{ ref('rewrite_feature') }} as feature
        on
            settled.query_text = feature.query_text
            and settled.rewritten_text = feature.rewritten_text
    left join supporting_search
        on settled.query_text = supporting_search.query_text
)

select * from query_rewrite
