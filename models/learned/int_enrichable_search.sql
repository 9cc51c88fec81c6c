{{ config(post_hook=index_for_lookup(['query_text'])) }}

-- One row per search that enrichment learns from: by a person, before learn_until,
-- neither personal data nor a web address, typed to the end, and answered as typed.

with typed_on as {{ materialized() }} (
    select search_id
    from {{ ref('int_session_search') }}
    where is_prefix_of_next = 1
),

learnable as (
    select
        search.search_id,
        search.query_text,
        search.cuid,
        search.ts,
        search.total
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
),

-- Grouping sorts once. Looking up the clicks of each search by its random id costs more
-- the larger the log is.
search_or_click as (
    select
        search_id,
        query_text,
        cuid,
        ts,
        total,
        null as position
    from learnable

    union all

    select
        search_id,
        null as query_text,
        null as cuid,
        null as ts,
        null as total,
        position
    from {{ ref('clean_search_result_interaction') }}
),

int_enrichable_search as (
    select
        search_id,
        max(query_text) as query_text,
        max(cuid) as cuid,
        max(ts) as ts,
        max(total) as total,
        count(position) as clip_count,
        min(position) as best_position
    from search_or_click
    group by search_id
    -- Clicks of other searches have no text.
    having max(query_text) is not null
)

select * from int_enrichable_search
