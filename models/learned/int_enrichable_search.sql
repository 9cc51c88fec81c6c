{{ config(post_hook=index_for_lookup(['query_text'])) }}

-- One row per search that enrichment learns from: by a person, before learn_until,
-- neither personal data nor a web address, and typed to the end.

with clicked as (
    select
        search_id,
        count(*) as clip_count,
        min(position) as best_position
    from {{ ref('clean_search_result_interaction') }}
    group by search_id
),

int_enrichable_search as (
    select
        search.search_id,
        search.query_text,
        search.cuid,
        search.ts,
        search.total,
        session_search.session_id,
        coalesce(clicked.clip_count, 0) as clip_count,
        clicked.best_position
    from {{ ref('clean_search_request') }} as search
    left join {{ ref('int_session_search') }} as session_search
        on search.search_id = session_search.search_id
    left join clicked
        on search.search_id = clicked.search_id
    where
        search.is_automated = 0
        and search.query_kind = 'text'
        and search.query_text <> ''
        and coalesce(session_search.is_prefix_of_next, 0) = 0
        and search.ts < '{{ var("learn_until") }}'
)

select * from int_enrichable_search
