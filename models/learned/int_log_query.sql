{{ config(
    post_hook=[unique_index(['query_text']), index_for_lookup(['compact_text'])]
) }}

-- One row per query_text that a person typed to the end and that is neither a web
-- address nor personal data. It covers the whole log, including queries typed after
-- learn_until.

with typed_on as {{ materialized() }} (
    select search_id
    from {{ ref('int_session_search') }}
    where is_prefix_of_next = 1
),

typed as (
    select distinct search.query_text
    from {{ ref('clean_search_request') }} as search
    left join typed_on
        on search.search_id = typed_on.search_id
    where
        search.is_automated = 0
        and search.query_kind = 'text'
        and search.query_text <> ''
        and typed_on.search_id is null
),

int_log_query as (
    select
        query_text,
        replace(query_text, ' ', '') as compact_text
    from typed
)

select * from int_log_query
