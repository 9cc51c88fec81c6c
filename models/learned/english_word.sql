{{ config(post_hook=unique_index(['word'])) }}

-- One row per word of the public word lists.

with english_word_list as (
    select
        frequency,
        words
    from {{ ref('english_word_list') }}
    union all
    select
        frequency,
        words
    from {{ ref('rare_word_list') }}
),

english_word as (
    select
        word,
        frequency
    from (
        {{ words_of('english_word_list', 'words', ['frequency']) }}
    ) as listed_word
)

select * from english_word
