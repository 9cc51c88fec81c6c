{{ config(post_hook=unique_index(['shortened', 'word', 'position'])) }}

-- One row per common listed word, which a correction may lead to, and text that remains
-- when at most one of its letters is removed. It is stored so that a build can look up
-- its suspect words without shortening the whole list again.

with word_list as (
    {{ word_list_rows() }}
),

listed_word as (
    {{ words_of('word_list', 'words', []) }}
),

listed as (
    select distinct word
    from listed_word
    where {{ is_latin_word('word') }}
),

int_listed_word_shortened as (
    {{ shortened_words('listed') }}
)

select * from int_listed_word_shortened
