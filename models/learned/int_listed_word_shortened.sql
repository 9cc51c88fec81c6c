{{ config(post_hook=index_for_lookup(['shortened', 'word', 'position'])) }}

-- One row per listed word that a correction may lead to, and text that remains when at
-- most one of its letters is removed. It does not depend on the log. It is stored so
-- that a build can look up its suspect words without shortening the whole list again.

with listed as (
    select word
    from {{ ref('english_word') }}
    where
        frequency >= {{ var('known_word_frequency') }}
        and length(word) >= {{ var('least_suspect_letters') }} - 1
        and {{ is_latin_word('word') }}
),

int_listed_word_shortened as (
    {{ shortened_words('listed') }}
)

select * from int_listed_word_shortened
