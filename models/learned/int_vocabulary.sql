{{ config(post_hook=unique_index(['word'])) }}

-- One row per word that a correction may lead to: common enough in English, or known to
-- several users of the site or to its catalogue.

with listed as (
    select
        word,
        frequency,
        can_be_part
    from {{ ref('english_word') }}
    where frequency >= {{ var('known_word_frequency') }}
),

known as (
    select
        term as word,
        user_count
    from {{ ref('int_known_term') }}
    where word_count = 1 and user_count >= {{ var('known_word_users') }}
),

named as (
    select word from listed
    union
    select word from known
),

int_vocabulary as (
    select
        named.word,
        length(named.word) as letter_count,
        coalesce(listed.frequency, 0) as frequency,
        coalesce(known.user_count, 0) as user_count,
        case when known.word is null then listed.can_be_part else 1 end as can_be_part
    from named
    left join listed
        on named.word = listed.word
    left join known
        on named.word = known.word
    where {{ is_latin_word("replace(named.word, '''', '')") }}
)

select * from int_vocabulary
