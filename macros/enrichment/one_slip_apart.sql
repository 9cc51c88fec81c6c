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
with told as (
    {%- for relation in known %}
    select
        typed.word as term,
        known.word as new_term,
        case when typed.position = 0 then known.position else typed.position end
            as position,
        -- Letters are taken out only where positions do not tell. Of twins the first
        -- one counts, so that each pair is there once.
        case
            when typed.word = known.word then null
            when typed.position = known.position then 'other letter'
            {%- for shorter, longer, slip in [
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
                        then '{{ slip }}'
                end
            {%- endfor %}
            when
                known.position = typed.position + 1
                and substr(typed.word, typed.position, 1)
                = substr(known.word, known.position, 1)
                then 'swapped letters'
        end as slip
    from {{ typed }} as typed
    -- In this order: each typed word is looked up among the known ones.
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
    slip,
    position
from told
where slip is not null
{%- endmacro %}
