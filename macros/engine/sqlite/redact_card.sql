{#- Card numbers replaced; the rule is written in redact_text.

    Three rows a group of digits: find it, size up the card that starts with it (0 where
    there is none), step over the card or the group.

    text_column: a column -#}
{% macro sqlite__redact_card(text_column) %}
{%- set digit = "'0123456789'" -%}
case
    when {{ text_column }} glob '*{{ '[0-9]*' * 13 }}'
    then (
        with recursive

        card_walk (stage, passed, ahead, card_size, other_characters) as (
            select
                0,
                '',
                {{ text_column }},
                0,
                {{ sqlite__text_without(text_column, '0123456789') }}
            union all
            select
                (stage + 1) % 3,
                case
                    when stage = 0
                    then passed || substr(
                        ahead,
                        1,
                        length(ahead) - length(ltrim(ahead, other_characters))
                    )
                    when stage = 1 then passed
                    when card_size > 0 then passed || '[card]'
                    else passed || substr(
                        ahead, 1, length(ahead) - length(ltrim(ahead, {{ digit }}))
                    )
                end,
                case
                    when stage = 0 then ltrim(ahead, other_characters)
                    when stage = 1 then ahead
                    when card_size > 0 then substr(ahead, card_size + 1)
                    else ltrim(ahead, {{ digit }})
                end,
                iif(stage = 1, {{ sqlite__card_size('passed', 'ahead') }}, 0),
                other_characters
            from card_walk
            where stage > 0 or ahead glob '*[0-9]*'
        )

        select passed || ahead
        from card_walk
        where stage = 0 and ahead not glob '*[0-9]*'
    )
    else {{ text_column }}
end
{%- endmacro %}

{#- How long the longest card number at the start of a text is, 0 where there is none.

    passed: the column of what stands before
    ahead: the column of the text, which starts with a whole group of digits -#}
{% macro sqlite__card_size(passed, ahead) %}
{%- set digit = "'0123456789'" -%}
case
    when {{ passed }} glob '*[A-Za-z]' then 0
    else (
        with recursive

        card_growth (digits, behind) as (
            select
                substr(
                    {{ ahead }},
                    1,
                    length({{ ahead }}) - length(ltrim({{ ahead }}, {{ digit }}))
                ),
                ltrim({{ ahead }}, {{ digit }})
            union all
            select
                digits || substr(
                    ltrim(behind, ' -'),
                    1,
                    length(ltrim(behind, ' -'))
                    - length(ltrim(ltrim(behind, ' -'), {{ digit }}))
                ),
                ltrim(ltrim(behind, ' -'), {{ digit }})
            from card_growth
            where
                length(digits) < 19
                and behind glob '[ -]*'
                and ltrim(behind, ' -') glob '[0-9]*'
        )

        select coalesce(max(length({{ ahead }}) - length(behind)), 0)
        from card_growth
        where
            length(digits) between 13 and 19
            and behind not glob '[A-Za-z]*'
            and {{ sqlite__luhn_holds('digits') }}
    )
end
{%- endmacro %}

{#- Whether the check sum of ISO/IEC 7812-1 holds. A digit d that counts double adds
    d * 2, less 9 from 10 on: its place in '516273849'. The sum is written out because it
    is four times faster than a walk over the digits.

    digits: a column of at most 19 ASCII digits -#}
{% macro sqlite__luhn_holds(digits) -%}
(
    {%- for place in range(19) %}
    {%- set padded_digit = "substr(substr('000000' || " ~ digits ~ ", -19), "
        ~ (place + 1) ~ ", 1)" %}
    {{ '+ ' if not loop.first }}
    {%- if place % 2 -%}
    instr('516273849', {{ padded_digit }})
    {%- else -%}
    cast({{ padded_digit }} as integer)
    {%- endif %}
    {%- endfor %}
) % 10 = 0
{%- endmacro %}
