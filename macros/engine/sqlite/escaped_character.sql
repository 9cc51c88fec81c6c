{#- Whether a text starts with the `%XX` escapes of one character in UTF-8: the
    well-formed ones of RFC 3629, 4 (so no overlong forms and no surrogates), and no
    controls other than tab and line ends.

    text_column: a column in lower case
    size: of the character in bytes, known when the macro is rendered -#}
{% macro sqlite__is_escaped(text_column, size) -%}
{%- set hex = '[0-9a-f]' -%}
{%- set tail = '%[89ab]' ~ hex -%}
{%- set patterns = {
    1: ['%[2-6]' ~ hex, '%7[0-9a-e]', '%0[9ad]'],
    2: ['%c2%[ab]' ~ hex, '%c[3-9a-f]' ~ tail, '%d' ~ hex ~ tail],
    3: [
        '%e0%[ab]' ~ hex ~ tail,
        '%e[1-9abcef]' ~ tail * 2,
        '%ed%[89]' ~ hex ~ tail,
    ],
    4: [
        '%f0%[9ab]' ~ hex ~ tail * 2,
        '%f[1-3]' ~ tail * 3,
        '%f4%8' ~ hex ~ tail * 2,
    ],
} -%}
(
    {%- for pattern in patterns[size] %}
    {{ 'or ' if not loop.first }}{{ text_column }} glob '{{ pattern }}*'
    {%- endfor %}
)
{%- endmacro %}

{#- The code point that the escapes at the start of a text spell.

    A byte gives the rest of its upper digit by 4 and its lower digit, the first one by
    what the length leaves of it.

    text_column: a column that is_escaped
    size: of the character in bytes, known when the macro is rendered -#}
{% macro sqlite__escaped_code_point(text_column, size) -%}
{%- for place in range(size) %}
{%- set divisor = 4 if place else {1: 8, 2: 2, 3: 1, 4: 1}[size] %}
{%- set weight = 64 ** (size - 1 - place) %}
{{ '+ ' if place -}}
{{ sqlite__hex_digit(text_column, 3 * place + 2) }} % {{ divisor }} * {{ 16 * weight }}
+ {{ sqlite__hex_digit(text_column, 3 * place + 3) }} * {{ weight }}
{%- endfor %}
{%- endmacro %}

{#- How many characters the escapes of one character take.

    text_column: a column in lower case that starts with an escape -#}
{% macro sqlite__escaped_size(text_column) -%}
case substr({{ text_column }}, 2, 1)
    when 'f' then 12
    when 'e' then 9
    when 'd' then 6
    when 'c' then 6
    else 3
end
{%- endmacro %}

{#- The value of the hexadecimal digit at a place of a text in lower case.

    text_column: a column
    place: an expression -#}
{% macro sqlite__hex_digit(text_column, place) -%}
instr('123456789abcdef', substr({{ text_column }}, {{ place }}, 1))
{%- endmacro %}
