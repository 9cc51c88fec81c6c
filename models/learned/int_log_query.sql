{{ config(
    post_hook=[unique_index(['query_text']), index_for_lookup(['compact_text'])]
) }}

-- One row per query_text that a person typed and that is neither a web address nor
-- personal data. It covers the whole log, including queries typed after learn_until.

with typed as (
    select distinct query_text
    from {{ ref('clean_search_request') }}
    where is_automated = 0 and query_kind = 'text' and query_text <> ''
),

int_log_query as (
    select
        query_text,
        replace(query_text, ' ', '') as compact_text
    from typed
)

select * from int_log_query
