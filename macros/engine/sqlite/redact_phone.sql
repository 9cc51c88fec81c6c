{#- Phone numbers replaced; the rule is written in redact_text.

    Three rows a place where a number may start (a `+`, a `(` or a group of digits): find
    it, size up the number, step over the number, the group or the sign.

    text_column: a column -#}
{% macro sqlite__redact_phone(text_column) %}
{%- set unfound_size -%}
max(1, length(ahead) - length(ltrim(ahead, '0123456789')))
{%- endset -%}
case
    when {{ text_column }} glob '*{{ '[0-9]*' * 8 }}'
    then (
        with recursive

        phone_walk (stage, passed, ahead, phone_size, other_characters) as (
            select
                0,
                '',
                {{ text_column }},
                0,
                {{ sqlite__text_without(text_column, '0123456789+(') }}
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
                    when phone_size > 0 then passed || '[phone]'
                    else passed || substr(ahead, 1, {{ unfound_size }})
                end,
                case
                    when stage = 0 then ltrim(ahead, other_characters)
                    when stage = 1 then ahead
                    when phone_size > 0 then substr(ahead, phone_size + 1)
                    else substr(ahead, {{ unfound_size }} + 1)
                end,
                case
                    when stage <> 1 or passed glob '*[0-9A-Za-z]' then 0
                    when ahead glob '+*'
                    then {{ sqlite__international_phone_size('ahead') }}
                    when passed not glob '*[0-9][.-]'
                    then {{ sqlite__national_phone_size('ahead') }}
                    else 0
                end,
                other_characters
            from phone_walk
            where stage > 0 or ahead glob '*[0-9+(]*'
        )

        select passed || ahead
        from phone_walk
        where stage = 0 and ahead not glob '*[0-9+(]*'
    )
    else {{ text_column }}
end
{%- endmacro %}

{#- How long the longest number with a leading `+` is at the start of a text, or 0.

    `expects` says what may follow: 0 behind a digit anything, 1 behind `)` no other `)`,
    2 behind a separator `(` or a digit, 3 behind `(` a digit only.

    text_column: a column that starts with `+` -#}
{% macro sqlite__international_phone_size(text_column) -%}
(
    with recursive

    phone_growth (size, digit_count, expects, next_character) as (
        select 1, 0, 2, substr({{ text_column }}, 2, 1)
        union all
        select
            size + 1,
            digit_count + (next_character glob '[0-9]'),
            case
                when next_character = ')' then 1
                when next_character glob '[ .-]' then 2
                when next_character = '(' then 3
                else 0
            end,
            substr({{ text_column }}, size + 2, 1)
        from phone_growth
        where
            (next_character glob '[0-9]' and digit_count < 15)
            or (next_character = ')' and expects < 1)
            or (next_character glob '[ .-]' and expects < 2)
            or (next_character = '(' and expects < 3)
    )

    select coalesce(max(size), 0)
    from phone_growth
    where
        expects = 0
        and digit_count between 8 and 15
        and next_character not glob '[0-9A-Za-z]'
)
{%- endmacro %}

{#- How long the 3-3-4 number at the start of a text is, 0 where there is none.

    text_column: a column -#}
{% macro sqlite__national_phone_size(text_column) -%}
{%- set three_digits = '[0-9][0-9][0-9]' -%}
{%- set separator = '[ .-]' -%}
{%- set bare_area = [(three_digits ~ separator, 4)] -%}
{%- set bracketed_area = [
    ('(' ~ three_digits ~ ')', 5), ('(' ~ three_digits ~ ')' ~ separator, 6)
] -%}
case
    {%- for trunk, trunk_size, areas in [
        ('', 0, bare_area + bracketed_area),
        ('1' ~ separator, 2, bare_area + bracketed_area),
        ('1', 1, bracketed_area),
    ] %}
    {%- for area, area_size in areas %}
    {%- set size = trunk_size + area_size + 8 %}
    when
        {{ text_column }} glob
        '{{ trunk ~ area ~ three_digits ~ separator ~ three_digits }}[0-9]*'
        and substr({{ text_column }}, {{ size }} + 1) not glob '[0-9A-Za-z]*'
        and substr({{ text_column }}, {{ size }} + 1) not glob '[.-][0-9]*'
    then {{ size }}
    {%- endfor %}
    {%- endfor %}
    else 0
end
{%- endmacro %}
