{#- Whether a text has what every phone number has.

    text_column: a column -#}
{% macro sqlite__may_hold_phone(text_column) -%}
(
    {{ text_column }} glob '*[0-9][0-9][0-9][ .-][0-9][0-9][0-9][0-9]*'
    or {{ text_column }} glob '*+*{{ '[0-9]*' * 8 }}'
)
{%- endmacro %}

{#- How long the phone number at the start of a text is; where there is none, below 0:
    how far to step on. The rule is written in redact_text.

    passed: the column of what stands before
    ahead: the column of the text -#}
{% macro sqlite__phone_size(passed, ahead) -%}
coalesce(
    case
        when {{ passed }} glob '*[0-9A-Za-z]' then null
        when {{ ahead }} glob '+*' then {{ sqlite__international_phone_size(ahead) }}
        when {{ passed }} not glob '*[0-9][.-]'
        then {{ sqlite__national_phone_size(ahead) }}
    end,
    min(-1, length(ltrim({{ ahead }}, '0123456789')) - length({{ ahead }}))
)
{%- endmacro %}

{#- How long the longest number with a leading `+` is at the start of a text, or null.

    `expects` says what may follow: 0 behind a digit anything, 1 behind `)` no other
    `)`, 2 behind a separator `(` or a digit, 3 behind `(` a digit only.

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

    select max(size)
    from phone_growth
    where
        expects = 0
        and digit_count between 8 and 15
        and next_character not glob '[0-9A-Za-z]'
)
{%- endmacro %}

{#- How long the 3-3-4 number at the start of a text is, or null.

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
        and substr({{ text_column }}, {{ size + 1 }}) not glob '[0-9A-Za-z]*'
        and substr({{ text_column }}, {{ size + 1 }}) not glob '[.-][0-9]*'
    then {{ size }}
    {%- endfor %}
    {%- endfor %}
end
{%- endmacro %}
