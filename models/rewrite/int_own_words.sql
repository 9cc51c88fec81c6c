{{ config(post_hook=unique_index(['query_text', 'rewritten_text'])) }}

-- One row per query_text and candidate text from a rule on whole queries: what is known
-- about the words that only one of the two contains. Shared words tell nothing: a rare
-- name after "dance film" and after "dancefilm" makes neither more likely.

with candidate as (
    select
        query_text,
        rewritten_text
    from {{ ref('int_query_candidate') }}
    where rule in ('same_letters', 'one_letter', 'joined_words', 'misspelled_twice')
),

side as (
    select
        query_text,
        rewritten_text,
        0 as is_rewritten,
        query_text as full_text,
        rewritten_text as other_text
    from candidate
    union all
    select
        query_text,
        rewritten_text,
        1 as is_rewritten,
        rewritten_text as full_text,
        query_text as other_text
    from candidate
),

word_of_side as (
    {{ words_of(
        'side', 'full_text',
        ['query_text', 'rewritten_text', 'is_rewritten', 'other_text']
    ) }}
),

own_word as (
    select distinct
        query_text,
        rewritten_text,
        is_rewritten,
        word
    from word_of_side
    where instr(' ' || other_text || ' ', ' ' || word || ' ') = 0
),

-- The frequency of several words together is what chance alone would give. A word that
-- is new to the log has one user: the one who is typing it.
looked_up as (
    select
        own_word.query_text,
        own_word.rewritten_text,
        own_word.is_rewritten,
        cast(
            900 + sum(
                coalesce(english_word.frequency, {{ var('unlisted_word_frequency') }})
                - 900
            ) as integer
        ) as frequency,
        min(coalesce(nullif(query_term.user_count, 0), 1)) as user_count
    from own_word
    left join {{ ref('english_word') }} as english_word
        on own_word.word = english_word.word
    left join {{ ref('query_term') }} as query_term
        on own_word.word = query_term.term
    group by own_word.query_text, own_word.rewritten_text, own_word.is_rewritten
),

int_own_words as (
    select
        query_text,
        rewritten_text,
        max(case when is_rewritten = 0 then frequency end) as frequency,
        max(case when is_rewritten = 1 then frequency end) as new_frequency,
        max(case when is_rewritten = 0 then user_count end) as user_count,
        max(case when is_rewritten = 1 then user_count end) as new_user_count
    from looked_up
    group by query_text, rewritten_text
)

select * from int_own_words
