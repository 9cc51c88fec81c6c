{{ config(post_hook=unique_index(['term'])) }}

-- One row per term of the log (a word or two neighbouring words): how many users typed
-- it, and how common its words are in English. This is the site's own vocabulary.

with counted as (
    select
        query_term.term,
        query_term.first_word,
        query_term.second_word,
        count(distinct search.query_text) as query_count,
        count(search.search_id) as search_count,
        count(distinct search.cuid) as user_count,
        sum(case when search.clip_count > 0 then 1 else 0 end) as clicked_search_count
    from {{ ref('int_log_query_term') }} as query_term
    left join {{ ref('int_enrichable_search') }} as search
        on query_term.query_text = search.query_text
    group by query_term.term, query_term.first_word, query_term.second_word
),

query_term as (
    select
        counted.term,
        case when counted.second_word = '' then 1 else 2 end as word_count,
        counted.first_word,
        counted.second_word,
        counted.query_count,
        counted.search_count,
        counted.user_count,
        counted.clicked_search_count,
        coalesce(first_listed.frequency, 0) as first_frequency,
        coalesce(second_listed.frequency, 0) as second_frequency
    from counted
    left join {{ ref('english_word') }} as first_listed
        on counted.first_word = first_listed.word
    left join {{ ref('english_word') }} as second_listed
        on counted.second_word = second_listed.word
)

select * from query_term
