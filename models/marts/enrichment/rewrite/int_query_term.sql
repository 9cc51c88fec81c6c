{{ config(post_hook=index_for_lookup(['term'])) }}

-- One row per term of each query_text: each of its words, and each two that stand side
-- by side. A term that stands twice in a query is there once.

with asked_query as (
    select query_text
    from {{ ref('int_asked_query') }}
),

query_word as (
    {{ words_of('asked_query', 'query_text', ['query_text']) }}
),

with_next_word as (
    select
        query_text,
        word_position,
        word,
        lead(word) over (partition by query_text order by word_position) as next_word
    from query_word
),

int_query_term as (
    select distinct
        query_text,
        word as term,
        word as first_word,
        '' as second_word
    from with_next_word
    union all
    select distinct
        query_text,
        word || ' ' || next_word as term,
        word as first_word,
        next_word as second_word
    from with_next_word
    where next_word is not null
)

select * from int_query_term
