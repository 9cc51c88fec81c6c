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
    `)`, 2 behind a space no other one, 3 behind a separator no other one, 4 behind a
    separator and a space `(` or a digit, 5 behind `(` a digit only.

    text_column: a column that starts with `+` -#}
{% macro sqlite__international_phone_size(text_column) -%}
(
    with recursive

    phone_growth (size, digit_count, expects, next_character) as (
        select 1, 0, 4, substr({{ text_column }}, 2, 1)
        union all
        select
            size + 1,
            digit_count + (next_character glob '[0-9]'),
            case
                when next_character = ')' then 1
                when next_character = ' ' then iif(expects = 3, 4, 2)
                when next_character glob '[./-]' then 3
                when next_character = '(' then 5
                else 0
            end,
            substr({{ text_column }}, size + 2, 1)
        from phone_growth
        where
            (next_character glob '[0-9]' and digit_count < 15)
            or (next_character = ')' and expects < 1)
            or (next_character = ' ' and expects in (0, 1, 3))
            or (next_character glob '[./-]' and expects < 3)
            or (next_character = '(' and expects < 5)
    )

    select max(size)
    from phone_growth
    where
        expects = 0
        and digit_count between 8 and 15
        and {{ sqlite__ends_phone("substr(" ~ text_column ~ ", size + 1, 2)") }}
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
        ('001' ~ separator, 4, bare_area + bracketed_area),
        ('1', 1, bracketed_area),
        ('001', 3, bracketed_area),
    ] %}
    {%- for area, area_size in areas %}
    {%- set size = trunk_size + area_size + 8 %}
    when
        {{ text_column }} glob
        '{{ trunk ~ area ~ three_digits ~ separator ~ three_digits }}[0-9]*'
        and {{ sqlite__ends_phone(
            "substr(" ~ text_column ~ ", " ~ (size + 1) ~ ", 2)"
        ) }}
        and substr({{ text_column }}, {{ size + 1 }}) not glob '[.-][0-9]*'
    then {{ size }}
    {%- endfor %}
    {%- endfor %}
end
{%- endmacro %}

{#- Whether what stands behind a phone number lets it end: no letter or digit, but for
    an x before an extension.

    two_characters: a text expression, the next two -#}
{% macro sqlite__ends_phone(two_characters) -%}
(
    {{ two_characters }} not glob '[0-9A-Za-z]*'
    or {{ two_characters }} glob '[Xx][0-9]'
)
{%- endmacro %}
