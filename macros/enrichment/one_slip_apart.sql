{#- A query: one row per typed and known word at Damerau distance 1 (one letter more, one
    less, another one, or two neighbours swapped), in columns `term, new_term, slip,
    position`. `position` is the letter's place, from 1; of several, the first.

    Two words are that near only if leaving out at most one letter of each gives the same
    text (symmetric deletes). The positions of the two letters left out tell exactly
    whether it is so: with equal lengths they are the same position (another letter), or
    neighbours that held the same letter (a swap).

    typed, known: relations with a column `word`, unique, of the letters a to z -#}
{% macro one_slip_apart(typed, known) -%}
with typed_shortened as {{ materialized() }} (
    -- Position 0: nothing is left out.
    select
        word,
        0 as position,
        word as shortened
    from {{ typed }}
    union all
    select
        typed.word,
        letter_position.position,
        substr(typed.word, 1, letter_position.position - 1)
        || substr(typed.word, letter_position.position + 1) as shortened
    from {{ typed }} as typed
    inner join {{ ref('int_letter_position') }} as letter_position
        on length(typed.word) >= letter_position.position
),

known_shortened as {{ inlined() }} (
    select
        word,
        0 as position,
        word as shortened
    from {{ known }}
    union all
    select
        known.word,
        letter_position.position,
        substr(known.word, 1, letter_position.position - 1)
        || substr(known.word, letter_position.position + 1) as shortened
    from {{ known }} as known
    inner join {{ ref('int_letter_position') }} as letter_position
        on length(known.word) >= letter_position.position
),

-- In this order: the many known words pass by, the few typed ones are looked up.
paired as (
    select
        typed_shortened.word as term,
        known_shortened.word as new_term,
        typed_shortened.position as typed_position,
        known_shortened.position as known_position,
        substr(typed_shortened.word, typed_shortened.position, 1) as typed_letter,
        substr(known_shortened.word, known_shortened.position, 1) as known_letter
    from known_shortened
    cross join typed_shortened
    where known_shortened.shortened = typed_shortened.shortened
),

one_apart as (
    select
        term,
        new_term,
        case when typed_position = 0 then known_position else typed_position end
            as position,
        case
            when known_position = 0 then 'letter too many'
            when typed_position = 0 then 'letter missing'
            when typed_position = known_position then 'other letter'
            else 'swapped letters'
        end as slip
    from paired
    where
        (typed_position = 0 and known_position > 0)
        or (typed_position > 0 and known_position = 0)
        or (
            typed_position > 0
            and typed_position = known_position
            and typed_letter <> known_letter
        )
        or (
            typed_position > 0
            and known_position > 0
            and abs(typed_position - known_position) = 1
            and typed_letter = known_letter
            and term <> new_term
        )
)

-- The same slip can be told at several positions ("aple", "apple").
select
    term,
    new_term,
    min(slip) as slip,
    min(position) as position
from one_apart
group by term, new_term
{%- endmacro %}
