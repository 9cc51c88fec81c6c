-- One row per query_text to judge: every query of the log or, with asks_one_query, the
-- single query that is bound when the statement runs. Queries typed after learn_until
-- are judged as if they were new, using only what was learned before.

with int_asked_query as (
    {%- if var('asks_one_query') %}
    select
        query_text,
        replace(query_text, ' ', '') as compact_text
    from (select cast(? as {{ dbt.type_string() }}) as query_text) as asked
    {%- else %}
    select
        query_text,
        compact_text
    from {{ ref('int_log_query') }}
    {%- endif %}
)

select * from int_asked_query
