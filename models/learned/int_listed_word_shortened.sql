{{ config(post_hook=index_for_lookup(['shortened', 'word', 'position'])) }}

-- One row per listed word that a correction may lead to and text that is left when at
-- most one letter of it is left out. No log changes it: a build looks up its suspects
-- here, and does not shorten the whole list for them.

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
