-- One row per query of several words and more popular query at Damerau distance 1. It
-- finds slips that made another word of a word ("form dusk till dawn"). How distance 1
-- is told, int_spelling_candidate says.

with typed as (
    select
        query_text,
        user_count,
        length(query_text) as letter_count
    from {{ ref('query_frequency') }}
    where
        query_text <> compact_text
        and length(query_text)
        between {{ var('least_suspect_letters') }} and {{ var('most_suspect_letters') }}
),

popular as (
    select
        query_text,
        letter_count,
        user_count
    from typed
    where user_count >= {{ var('known_word_users') }}
),

popular_shortened as {{ materialized() }} (
    select
        query_text,
        user_count,
        0 as position,
        '' as letter,
        query_text as shortened
    from popular
    union all
    select
        popular.query_text,
        popular.user_count,
        letter_position.position,
        substr(popular.query_text, letter_position.position, 1) as letter,
        substr(popular.query_text, 1, letter_position.position - 1)
        || substr(popular.query_text, letter_position.position + 1) as shortened
    from popular
    inner join {{ ref('int_letter_position') }} as letter_position
        on popular.letter_count >= letter_position.position
),

query_shortened as {{ inlined() }} (
    select
        query_text,
        user_count,
        0 as position,
        '' as letter,
        query_text as shortened
    from typed
    union all
    select
        typed.query_text,
        typed.user_count,
        letter_position.position,
        substr(typed.query_text, letter_position.position, 1) as letter,
        substr(typed.query_text, 1, letter_position.position - 1)
        || substr(typed.query_text, letter_position.position + 1) as shortened
    from typed
    inner join {{ ref('int_letter_position') }} as letter_position
        on typed.letter_count >= letter_position.position
),

near as (
    select
        query_shortened.query_text,
        popular_shortened.query_text as rewritten_text,
        case
            when popular_shortened.position = 0 then 'letter too many'
            when query_shortened.position = 0 then 'letter missing'
            when query_shortened.position = popular_shortened.position
                then 'other letter'
            else 'swapped letters'
        end as slip,
        case
            when query_shortened.position = 0 then popular_shortened.position
            else query_shortened.position
        end as position
    from query_shortened
    cross join popular_shortened
    where
        query_shortened.shortened = popular_shortened.shortened
        and popular_shortened.user_count > query_shortened.user_count
        -- Another number is another thing.
        and query_shortened.letter not between '0' and '9'
        and popular_shortened.letter not between '0' and '9'
        and (
            (query_shortened.position = 0 and popular_shortened.position > 0)
            or (query_shortened.position > 0 and popular_shortened.position = 0)
            or (
                query_shortened.position > 0
                and query_shortened.position = popular_shortened.position
                and query_shortened.letter <> popular_shortened.letter
            )
            or (
                query_shortened.position > 0
                and popular_shortened.position > 0
                and abs(query_shortened.position - popular_shortened.position) = 1
                and query_shortened.letter = popular_shortened.letter
                and query_shortened.query_text <> popular_shortened.query_text
            )
        )
),

int_query_spelling_candidate as (
    select
        query_text,
        rewritten_text,
        min(slip) as slip,
        min(position) as position
    from near
    group by query_text, rewritten_text
)

select * from int_query_spelling_candidate
