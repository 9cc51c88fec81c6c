{{ config(
    post_hook=[unique_index(['query_text']), index_for_lookup(['compact_text'])]
) }}

-- One row per query_text that is to be judged: all that people asked, those after
-- learn_until too. They are judged as if each came new, by what was learned before.
-- With asks_one_query it is a single one, whoever runs the statement binds it.

with asked as (
    {%- if var('asks_one_query') %}
    select cast(? as {{ dbt.type_string() }}) as query_text
    {%- else %}
    select distinct query_text
    from {{ ref('clean_search_request') }}
    where is_automated = 0 and query_kind = 'text' and query_text <> ''
    {%- endif %}
),

int_asked_query as (
    select
        query_text,
        replace(query_text, ' ', '') as compact_text
    from asked
)

select * from int_asked_query
