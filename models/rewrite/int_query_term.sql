-- One row per query_text to judge and term in it: each word, and each pair of
-- neighbouring words. The terms of the log's queries are stored already; with
-- asks_one_query, the terms of the bound query are computed here.

{%- if var('asks_one_query') %}

with asked_query as (
    select query_text
    from {{ ref('int_asked_query') }}
),

query_word as (
    {{ words_of('asked_query', 'query_text', ['query_text']) }}
),

int_query_term as (
    {{ terms_of('query_word') }}
)

{%- else %}

with int_query_term as (
    select
        query_text,
        term,
        first_word,
        second_word
    from {{ ref('int_log_query_term') }}
)

{%- endif %}

select * from int_query_term
