{#- A query: one row per word and text that is left when at most one letter of it is left
    out, in columns `word, position, shortened`. Position 0: nothing is left out.

    words: a relation with a column `word` -#}
{% macro shortened_words(words) -%}
select
    word,
    0 as position,
    word as shortened
from {{ words }}
union all
select
    words.word,
    letter_position.position,
    substr(words.word, 1, letter_position.position - 1)
    || substr(words.word, letter_position.position + 1) as shortened
from {{ words }} as words
inner join {{ ref('int_letter_position') }} as letter_position
    on length(words.word) >= letter_position.position
{%- endmacro %}

{#- A query: one row per typed and known word at Damerau distance 1 (one letter more, one
    less, another one, or two neighbours swapped), in columns `term, new_term, slip,
    position`. `position` is the letter's place, from 1; of several, the first.

    Two words are that near only if leaving out at most one letter of each gives the same
    text (symmetric deletes). The positions of the two letters left out tell exactly
    whether it is so: with equal lengths they are the same position (another letter), or
    neighbours that held the same letter (a swap).

    typed: a relation as `shortened_words` gives it, of words of the letters a to z
    known: a list of such relations, in which no word is twice; they are looked up -#}
{% macro one_slip_apart(typed, known) -%}
with paired as (
    {%- for relation in known %}
    select
        typed.word as term,
        known.word as new_term,
        typed.position as typed_position,
        known.position as known_position,
        substr(typed.word, typed.position, 1) as typed_letter,
        substr(known.word, known.position, 1) as known_letter
    from {{ typed }} as typed
    -- In this order: each typed word is looked up among the known ones.
    cross join {{ relation }} as known
    where typed.shortened = known.shortened
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}
),

-- Of twins the first letter counts, so that each pair is there once.
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
        (
            typed_position = 0
            and known_position > 0
            and (
                known_position = 1
                or known_letter <> substr(new_term, known_position - 1, 1)
            )
        )
        or (
            typed_position > 0
            and known_position = 0
            and (
                typed_position = 1
                or typed_letter <> substr(term, typed_position - 1, 1)
            )
        )
        or (
            typed_position > 0
            and typed_position = known_position
            and typed_letter <> known_letter
        )
        or (
            typed_position > 0
            and known_position = typed_position + 1
            and typed_letter = known_letter
            and term <> new_term
        )
)

select
    term,
    new_term,
    slip,
    position
from one_apart
{%- endmacro %}
