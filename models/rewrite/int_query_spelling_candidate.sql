-- One row per query of several words and more popular query that differs in one word,
-- where the two words are at Damerau distance 1. This finds typos that turn a word into
-- another word ("form dusk till dawn").

with asked as (
    select query_text
    from {{ ref('int_asked_query') }}
    where
        query_text <> compact_text
        and length(query_text)
        between {{ var('least_suspect_letters') }} and {{ var('most_suspect_letters') }}
),

asked_length as (
    select distinct length(query_text) as letter_count
    from asked
),

-- One typo changes the length by one at most. For a single new query, this leaves few
-- popular ones.
near_length as (
    select letter_count - 1 as letter_count from asked_length
    union
    select letter_count from asked_length
    union
    select letter_count + 1 as letter_count from asked_length
),

popular as (
    select
        query_text,
        user_count
    from {{ ref('query_frequency') }}
    where
        query_text <> compact_text
        and user_count >= {{ var('known_word_users') }}
        and length(query_text) in (select near_length.letter_count from near_length)
        and length(query_text)
        between {{ var('least_suspect_letters') }} and {{ var('most_suspect_letters') }}
        and {{ is_supported('popular queries') }}
),

popular_word as {{ materialized() }} (
    {{ words_of('popular', 'query_text', ['query_text', 'user_count']) }}
),

-- Words with digits are left out: another number means something else.
known as (
    select distinct word
    from popular_word
    where {{ is_latin_word('word') }} and length(word) > 1
),

-- Suspect words are left out: int_spelling_candidate handles them in any query.
typed as (
    select asked_term.term as word
    from {{ ref('int_asked_term') }} as asked_term
    left join {{ ref('int_suspect_term') }} as suspect
        on asked_term.term = suspect.term
    where
        asked_term.word_count = 1
        and suspect.term is null
        and {{ is_latin_word('asked_term.term') }}
),

typed_shortened as {{ inlined() }} (
    {{ shortened_words('typed') }}
),

known_shortened as {{ materialized() }} (
    {{ shortened_words('known') }}
),

near as (
    {{ one_typo_apart('typed_shortened', ['known_shortened']) }}
),

corrected as (
    select
        trim(
            replace(
                ' ' || popular_word.query_text || ' ',
                ' ' || near.new_term || ' ',
                ' ' || near.term || ' '
            )
        ) as query_text,
        popular_word.query_text as rewritten_text,
        popular_word.user_count,
        near.typo,
        near.position
    from near
    inner join popular_word
        on near.new_term = popular_word.word
    -- Singular and plural are both correct.
    where not {{ one_and_many('near.term', 'near.new_term') }}
),

int_query_spelling_candidate as (
    select
        corrected.query_text,
        corrected.rewritten_text,
        min(corrected.typo) as typo,
        min(corrected.position) as position
    from corrected
    inner join asked
        on corrected.query_text = asked.query_text
    left join {{ ref('query_frequency') }} as typed_query
        on corrected.query_text = typed_query.query_text
    where corrected.user_count > coalesce(typed_query.user_count, 0)
    group by corrected.query_text, corrected.rewritten_text
)

select * from int_query_spelling_candidate
