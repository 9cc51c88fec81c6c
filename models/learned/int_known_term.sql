{{ config(post_hook=unique_index(['term'])) }}

-- One row per term that somebody vouches for: users who typed it, if the log has a
-- vocabulary of its own, and the catalogue. A term of a clip's title, owner or tags
-- counts like one that catalogue_users typed.

with vouched as (
    select
        term,
        word_count,
        user_count
    from {{ ref('query_term') }}
    where user_count > 0 and {{ is_supported('own vocabulary') }}
    union all
    select
        term,
        case when second_word = '' then 1 else 2 end as word_count,
        {{ var('catalogue_users') }} as user_count
    from {{ ref('catalogue_term') }}
),

int_known_term as (
    select
        term,
        word_count,
        max(user_count) as user_count
    from vouched
    group by term, word_count
)

select * from int_known_term
