-- One row per suspect word and known word at Damerau distance 1: one letter more, one
-- less, another one, or two neighbours swapped.
--
-- Two words are that near only if leaving out at most one letter of each gives the same
-- text (symmetric deletes). The positions of the two letters left out tell exactly
-- whether it is so: with equal lengths they are the same position (another letter), or
-- neighbours that held the same letter (a swap).

with suspect as (
    select
        term,
        letter_count
    from {{ ref('int_suspect_term') }}
    where word_count = 1 and {{ is_latin_word('term') }}
),

vocabulary as (
    select
        word,
        letter_count
    from {{ ref('int_vocabulary') }}
    where letter_count >= {{ var('least_suspect_letters') }} - 1
),

-- Position 0: nothing is left out.
suspect_shortened as {{ materialized() }} (
    select
        term,
        0 as position,
        '' as letter,
        term as shortened
    from suspect
    union all
    select
        suspect.term,
        letter_position.position,
        substr(suspect.term, letter_position.position, 1) as letter,
        substr(suspect.term, 1, letter_position.position - 1)
        || substr(suspect.term, letter_position.position + 1) as shortened
    from suspect
    inner join {{ ref('int_letter_position') }} as letter_position
        on suspect.letter_count >= letter_position.position
),

word_shortened as {{ inlined() }} (
    select
        word,
        0 as position,
        '' as letter,
        word as shortened
    from vocabulary
    union all
    select
        vocabulary.word,
        letter_position.position,
        substr(vocabulary.word, letter_position.position, 1) as letter,
        substr(vocabulary.word, 1, letter_position.position - 1)
        || substr(vocabulary.word, letter_position.position + 1) as shortened
    from vocabulary
    inner join {{ ref('int_letter_position') }} as letter_position
        on vocabulary.letter_count >= letter_position.position
),

near as (
    select
        suspect_shortened.term,
        word_shortened.word as new_term,
        case
            when word_shortened.position = 0 then 'letter too many'
            when suspect_shortened.position = 0 then 'letter missing'
            when suspect_shortened.position = word_shortened.position
                then 'other letter'
            else 'swapped letters'
        end as slip,
        case
            when suspect_shortened.position = 0 then word_shortened.position
            else suspect_shortened.position
        end as position
    -- In this order: the many words pass by, the few suspects are looked up.
    from word_shortened
    cross join suspect_shortened
    where
        word_shortened.shortened = suspect_shortened.shortened
        and (
            (suspect_shortened.position = 0 and word_shortened.position > 0)
            or (suspect_shortened.position > 0 and word_shortened.position = 0)
            or (
                suspect_shortened.position > 0
                and suspect_shortened.position = word_shortened.position
                and suspect_shortened.letter <> word_shortened.letter
            )
            or (
                suspect_shortened.position > 0
                and word_shortened.position > 0
                and abs(suspect_shortened.position - word_shortened.position) = 1
                and suspect_shortened.letter = word_shortened.letter
                and suspect_shortened.term <> word_shortened.word
            )
        )
),

-- The same slip can be told at several positions ("aple", "apple"); the first is kept.
int_spelling_candidate as (
    select
        term,
        new_term,
        min(slip) as slip,
        min(position) as position
    from near
    group by term, new_term
)

select * from int_spelling_candidate
