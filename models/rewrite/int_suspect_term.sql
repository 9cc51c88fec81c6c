{{ config(post_hook=unique_index(['term'])) }}

-- One row per term that may be a typo: a word that is rare in English, or a pair of
-- neighbouring words of which one is rare. Protected terms and those of titles, owners
-- and tags are none. A single letter is more often an initial or part of a model name
-- than half a word, so it is left alone.

with asked_term as (
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
    from {{ ref('int_asked_term') }}
    where
        word_count = 1
        or (
            (length(first_word) > 1 or first_word in ('a', 'i'))
            and (length(second_word) > 1 or second_word in ('a', 'i'))
        )
),

int_suspect_term as (
    select
        asked_term.term,
        asked_term.word_count,
        asked_term.compact_term,
        asked_term.letter_count,
        asked_term.boundary_position,
        asked_term.user_count,
        asked_term.frequency
    from asked_term
    left join {{ ref('protected_term') }} as protected_term
        on asked_term.term = protected_term.term
    left join {{ ref('catalogue_term') }} as catalogue_term
        on asked_term.term = catalogue_term.term
    where
        asked_term.frequency < {{ var('rare_word_frequency') }}
        and asked_term.letter_count between
        {{ var('least_suspect_letters') }} and {{ var('most_suspect_letters') }}
        and protected_term.term is null
        and catalogue_term.term is null
)

select * from int_suspect_term
