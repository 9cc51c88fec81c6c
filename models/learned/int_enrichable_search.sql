{{ config(post_hook=index_for_lookup(['query_text'])) }}

-- One row per search that enrichment learns from: by a person, before learn_until,
-- neither personal data nor a web address, typed to the end, and answered as typed.

with typed_on as {{ materialized() }} (
    select search_id
    from {{ ref('int_session_search') }}
    where is_prefix_of_next = 1
),

int_enrichable_search as (
    select
        search.search_id,
        search.query_text,
        search.cuid,
        search.ts,
        search.total,
        (
            select count(*)
            from {{ ref('clean_search_result_interaction') }} as click
            where click.search_id = search.search_id
        ) as clip_count,
        (
            select min(click.position)
            from {{ ref('clean_search_result_interaction') }} as click
            where click.search_id = search.search_id
        ) as best_position
    from {{ ref('clean_search_request') }} as search
    left join typed_on
        on search.search_id = typed_on.search_id
    left join {{ ref('int_rewritten_search') }} as rewritten
        on search.search_id = rewritten.search_id
    where
        search.is_automated = 0
        and search.query_kind = 'text'
        and search.query_text <> ''
        and typed_on.search_id is null
        and rewritten.search_id is null
        and search.ts < '{{ var("learn_until") }}'
)

select * from int_enrichable_search
