{{ config(
    post_hook=unique_index(['shortened', 'word', 'first_position', 'second_position'])
) }}

-- One row per common long word, to which two typos may lead, and text that remains when
-- at most two of its letters are removed. Like int_listed_word_shortened it is stored,
-- and it is bounded: by the frequency and the length of the words, and the first letter
-- stays.

{%- set far = far_words() %}

with english_word_list as (
    select words
    from {{ ref('english_word_list') }}
    where frequency >= {{ far.least_frequency }}
),

english_word as (
    {{ words_of('english_word_list', 'words', []) }}
),

common_word as (
    select word
    from english_word
    where
        {{ is_latin_word('word') }}
        and length(word)
        between {{ far.least_letters }} and {{ far.most_letters }}
),

int_common_word_shortened as (
    {{ shortened_twice('common_word') }}
)

select * from int_common_word_shortened
