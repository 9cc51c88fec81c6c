{{ config(post_hook=unique_index(['term'])) }}

-- One row per word, and pair of neighbouring words, of the titles, owners and tags of
-- clips: how many names have it. Nobody need have searched for a word of a title: it
-- is no typo.

with clip as (
    select
        name,
        owner,
        tags
    from {{ ref('clip') }}
),

named as (
    select {{ title_words('name') }} as query_text
    from clip
    where name is not null
    union
    select {{ title_words('owner') }} as query_text
    from clip
    where owner is not null
    union
    select {{ title_words('tags') }} as query_text
    from clip
    where tags is not null
),

filled as (
    select query_text
    from named
    where query_text <> ''
),

word_of_name as (
    {{ words_of('filled', 'query_text', ['query_text']) }}
),

term_of_name as (
    {{ terms_of('word_of_name') }}
),

catalogue_term as (
    select
        term,
        first_word,
        second_word,
        count(*) as name_count
    from term_of_name
    group by term, first_word, second_word
)

select * from catalogue_term
