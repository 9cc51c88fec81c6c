{{ config(
    post_hook=unique_index(['shortened', 'word', 'first_position', 'second_position'])
) }}

-- One row per common long word, to which two typos may lead, and text that remains when
-- at most two of its letters are removed. Like int_listed_word_shortened it is stored,
-- and it is bounded: by the frequency and the length of the words, and the first letter
-- stays.

{%- set far = far_words() %}

with word_list as (
    {{ word_list_rows() }}
),

common_list as (
    select words
    from word_list
    where frequency >= {{ far.least_frequency }}
),

listed_word as (
    {{ words_of('common_list', 'words', []) }}
),

common_word as (
    select distinct word
    from listed_word
    where
        {{ is_latin_word('word') }}
        and length(word)
        between {{ far.least_letters }} and {{ far.most_letters }}
),

int_common_word_shortened as (
    {{ shortened_twice('common_word') }}
)

select * from int_common_word_shortened
