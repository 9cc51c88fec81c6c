{{ config(post_hook=index_for_lookup(['term'])) }}

-- One row per query_text of the log and term in it: each word, and each pair of
-- neighbouring words.

with log_query as (
    select query_text
    from {{ ref('int_log_query') }}
),

query_word as (
    {{ words_of('log_query', 'query_text', ['query_text']) }}
),

int_log_query_term as (
    {{ terms_of('query_word') }}
)

select * from int_log_query_term
