{#- A query: one row per word and text that remains when at most two of its letters are
    removed, but never the first one, with the columns `word, first_position,
    second_position, shortened`. One letter removed: `first_position` is 0; none: both.

    words: a relation with a column `word` -#}
{% macro shortened_twice(words) -%}
select
    word,
    0 as first_position,
    0 as second_position,
    word as shortened
from {{ words }}
union all
select
    words.word,
    0 as first_position,
    letter.position as second_position,
    substr(words.word, 1, letter.position - 1)
    || substr(words.word, letter.position + 1) as shortened
from {{ words }} as words
inner join {{ ref('int_letter_position') }} as letter
    on letter.position > 1 and letter.position <= length(words.word)
union all
select
    words.word,
    first_letter.position as first_position,
    second_letter.position as second_position,
    substr(words.word, 1, first_letter.position - 1)
    || substr(
        words.word,
        first_letter.position + 1,
        second_letter.position - first_letter.position - 1
    )
    || substr(words.word, second_letter.position + 1) as shortened
from {{ words }} as words
inner join {{ ref('int_letter_position') }} as first_letter
    on first_letter.position > 1 and first_letter.position < length(words.word)
inner join {{ ref('int_letter_position') }} as second_letter
    on
        second_letter.position > first_letter.position
        and second_letter.position <= length(words.word)
{%- endmacro %}

{#- A condition: a letter removed from one word and one from another stand for a single
    typo: a different letter at one place, or two neighbours swapped.

    word, position: the first word, and the position of its removed letter
    other, other_position: the same of the other word
    shift: how many letters more the other word has before -#}
{% macro is_one_typo(word, position, other, other_position, shift) -%}
(
    {{ position }} = {{ other_position }} - {{ shift }}
    or (
        abs({{ position }} - {{ other_position }} + {{ shift }}) = 1
        and substr({{ word }}, {{ position }}, 1)
        = substr({{ other }}, {{ other_position }}, 1)
    )
)
{%- endmacro %}

{#- A query: one row per typed and known word at Damerau distance two or less with the
    same first letter, with the columns `term, new_term`.

    Each typo removes a letter from one of the words, or from both: a letter missing or
    too many from one, a different or a swapped one from both. So the removed letters of
    both are pairs of the second kind, apart from those of the first.

    typed: a relation as returned by `shortened_twice`
    known: another one; typed words are looked up in it -#}
{% macro two_typos_apart(typed, known) -%}
select distinct
    typed.word as term,
    known.word as new_term
from {{ typed }} as typed
-- SQLite keeps the order of a cross join: typed words are looked up among known ones.
cross join {{ known }} as known
where
    typed.shortened = known.shortened
    and typed.word <> known.word
    and (
        -- One word is the other with letters missing; or one is missing, one too many.
        typed.second_position = 0
        or known.second_position = 0
        or (typed.first_position = 0 and known.first_position = 0)
        -- One letter is missing, and there is another typo before or after it.
        or (
            typed.first_position = 0
            and (
                {{ is_one_typo(
                    'typed.word', 'typed.second_position',
                    'known.word', 'known.first_position', 0
                ) }}
                or {{ is_one_typo(
                    'typed.word', 'typed.second_position',
                    'known.word', 'known.second_position', 1
                ) }}
            )
        )
        -- One letter is too many.
        or (
            known.first_position = 0
            and (
                {{ is_one_typo(
                    'known.word', 'known.second_position',
                    'typed.word', 'typed.first_position', 0
                ) }}
                or {{ is_one_typo(
                    'known.word', 'known.second_position',
                    'typed.word', 'typed.second_position', 1
                ) }}
            )
        )
        -- Neither: two typos of the second kind.
        or (
            typed.first_position > 0
            and known.first_position > 0
            and {{ is_one_typo(
                'typed.word', 'typed.first_position',
                'known.word', 'known.first_position', 0
            ) }}
            and {{ is_one_typo(
                'typed.word', 'typed.second_position',
                'known.word', 'known.second_position', 0
            ) }}
        )
    )
{%- endmacro %}
