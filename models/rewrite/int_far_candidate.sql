{{ config(post_hook=unique_index(['term'])) }}

-- One row per unlisted word for which no closer text is known, and the common word that
-- is two typos away. Only if it is ten times as frequent (100 points) as the next one:
-- with two typos, most unlisted words are near some word. What several users typed is
-- a name of the site: nobody makes the same two typos.

{%- set far = far_words() %}

with suspect as (
    select suspect.term as word
    from {{ ref('int_suspect_term') }} as suspect
    left join {{ ref('int_term_candidate') }} as closer
        on suspect.term = closer.term
    where
        suspect.word_count = 1
        and suspect.frequency = 0
        and suspect.user_count < {{ var('known_word_users') }}
        and suspect.letter_count
        between {{ far.least_letters }} and {{ far.most_letters }}
        and {{ is_latin_word('suspect.term') }}
        and closer.term is null
),

suspect_shortened as {{ materialized() }} (
    {{ shortened_twice('suspect') }}
),

near as (
    {{ two_typos_apart('suspect_shortened', ref('int_common_word_shortened')) }}
),

ranked as (
    select
        near.term,
        near.new_term,
        english_word.frequency,
        row_number() over (
            partition by near.term
            order by english_word.frequency desc, near.new_term asc
        ) as place,
        lead(english_word.frequency, 1, 0) over (
            partition by near.term
            order by english_word.frequency desc, near.new_term asc
        ) as next_frequency
    from near
    inner join {{ ref('english_word') }} as english_word
        on near.new_term = english_word.word
    -- Singular and plural are both correct.
    where not {{ one_and_many('near.term', 'near.new_term') }}
),

int_far_candidate as (
    select
        term,
        new_term
    from ranked
    where place = 1 and frequency >= next_frequency + 100
)

select * from int_far_candidate
