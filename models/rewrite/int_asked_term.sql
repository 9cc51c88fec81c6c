{{ config(post_hook=unique_index(['term'])) }}

-- One row per term of the queries to judge: how many users typed it, and how common its
-- words are in English.

with asked_term as (
    select distinct
        term,
        first_word,
        second_word
    from {{ ref('int_query_term') }}
),

int_asked_term as (
    select
        asked_term.term,
        case when asked_term.second_word = '' then 1 else 2 end as word_count,
        asked_term.first_word,
        asked_term.second_word,
        coalesce(query_term.user_count, 0) as user_count,
        coalesce(first_listed.frequency, 0) as first_frequency,
        coalesce(second_listed.frequency, 0) as second_frequency
    from asked_term
    left join {{ ref('query_term') }} as query_term
        on asked_term.term = query_term.term
    left join {{ ref('english_word') }} as first_listed
        on asked_term.first_word = first_listed.word
    left join {{ ref('english_word') }} as second_listed
        on asked_term.second_word = second_listed.word
)

select * from int_asked_term
