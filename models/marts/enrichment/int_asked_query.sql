{{ config(
    post_hook=[unique_index(['query_text']), index_for_lookup(['compact_text'])]
) }}

-- One row per query_text that is to be judged: all that people asked, those after
-- learn_until too. They are judged as if each came new, by what was learned before.

with int_asked_query as (
    select distinct
        query_text,
        replace(query_text, ' ', '') as compact_text
    from {{ ref('clean_search_request') }}
    where is_automated = 0 and query_kind = 'text' and query_text <> ''
)

select * from int_asked_query
