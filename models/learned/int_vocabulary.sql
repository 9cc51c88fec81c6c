{{ config(post_hook=unique_index(['word'])) }}

-- One row per word that a correction may lead to: common enough in English, or typed by
-- several users of the site, or part of a clip's title, owner or tags.

with listed as (
    select
        word,
        frequency
    from {{ ref('english_word') }}
    where frequency >= {{ var('known_word_frequency') }}
),

typed as (
    select
        term as word,
        user_count
    from {{ ref('query_term') }}
    where word_count = 1 and user_count >= {{ var('known_word_users') }}
),

catalogued as (
    select term as word
    from {{ ref('catalogue_term') }}
    where second_word = ''
),

named as (
    select word from listed
    union
    select word from typed
    union
    select word from catalogued
),

int_vocabulary as (
    select
        named.word,
        length(named.word) as letter_count,
        coalesce(listed.frequency, 0) as frequency,
        {{ known_users('typed.user_count', 'catalogued.word') }} as user_count
    from named
    left join listed
        on named.word = listed.word
    left join typed
        on named.word = typed.word
    left join catalogued
        on named.word = catalogued.word
    where {{ is_latin_word("replace(named.word, '''', '')") }}
)

select * from int_vocabulary
