{{ config(post_hook=unique_index(['term'])) }}

-- One row per term that may be a slip: a word that is rare in English and not
-- protected, or two words side by side of which one is. A letter that stands alone is an
-- initial or a model's name more often than half a word: it stays where it is.

with query_term as (
    select
        term,
        word_count,
        replace(term, ' ', '') as compact_term,
        length(replace(term, ' ', '')) as letter_count,
        case when word_count = 2 then length(first_word) else 0 end
            as boundary_position,
        user_count,
        case
            when word_count = 1 or first_frequency < second_frequency
                then first_frequency
            else second_frequency
        end as frequency
    from {{ ref('query_term') }}
    where
        word_count = 1
        or (
            (length(first_word) > 1 or first_word in ('a', 'i'))
            and (length(second_word) > 1 or second_word in ('a', 'i'))
        )
),

int_suspect_term as (
    select
        query_term.term,
        query_term.word_count,
        query_term.compact_term,
        query_term.letter_count,
        query_term.boundary_position,
        query_term.user_count,
        query_term.frequency
    from query_term
    left join {{ ref('protected_term') }} as protected_term
        on query_term.term = protected_term.term
    where
        query_term.frequency < {{ var('rare_word_frequency') }}
        and query_term.letter_count between
        {{ var('least_suspect_letters') }} and {{ var('most_suspect_letters') }}
        and protected_term.term is null
)

select * from int_suspect_term
