{#- A query: one row per word and text that remains when at most one of its letters is
    removed, with the columns `word, position, shortened`. Position 0: nothing is
    removed.

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

{#- A query: one row per typed and known word at Damerau distance 1 (one letter more,
    one less, a different one, or two neighbours swapped), with the columns `term,
    new_term, typo, position`. `position` is the position of the letter, from 1; the
    first one if several fit.

    Two words can be that close only if removing at most one letter from each gives the
    same text (symmetric deletes). The positions of the removed letters decide exactly
    whether they are: for words of equal length, either both positions are the same (a
    different letter), or they are neighbours that held the same letter (a swap).

    typed: a relation as returned by `shortened_words`, of words with only the letters a
        to z
    known: a list of such relations, without duplicate words; typed words are looked up
        in them -#}
{% macro one_typo_apart(typed, known) -%}
with told as (
    {%- for relation in known %}
    select
        typed.word as term,
        known.word as new_term,
        case when typed.position = 0 then known.position else typed.position end
            as position,
        -- Letters are compared only where positions do not decide. Of a double
        -- letter the first counts, so that each pair of words appears once.
        case
            when typed.word = known.word then null
            when typed.position = known.position then 'other letter'
            {%- for shorter, longer, typo in [
                ('typed', 'known', 'letter missing'),
                ('known', 'typed', 'letter too many'),
            ] %}
            when
                {{ shorter }}.position = 0
                then case
                    when
                        {{ longer }}.position = 1
                        or substr({{ longer }}.word, {{ longer }}.position, 1)
                        <> substr({{ longer }}.word, {{ longer }}.position - 1, 1)
                        then '{{ typo }}'
                end
            {%- endfor %}
            when
                known.position = typed.position + 1
                and substr(typed.word, typed.position, 1)
                = substr(known.word, known.position, 1)
                then 'swapped letters'
        end as typo
    from {{ typed }} as typed
    -- SQLite keeps the order of a cross join: typed words are looked up among known ones.
    cross join {{ relation }} as known
    where typed.shortened = known.shortened
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}
)

select
    term,
    new_term,
    typo,
    position
from told
where typo is not null
{%- endmacro %}
