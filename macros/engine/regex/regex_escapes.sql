{#- The `%XX` escapes of one character in UTF-8, as a regular expression: the well-formed
    ones of RFC 3629, 4 (so no overlong forms and no surrogates), and no controls other
    than tab and line ends. -#}
{% macro regex_escapes() -%}
{%- set tail = '%[89ABab][0-9A-Fa-f]' -%}
(?:%[2-6][0-9A-Fa-f]|%7[0-9A-Ea-e]|%0[9ADad]
{%- for start, tails in [
    ('%[Cc]2%[ABab][0-9A-Fa-f]', 0),
    ('%(?:[Cc][3-9A-Fa-f]|[Dd][0-9A-Fa-f])', 1),
    ('%[Ee]0%[ABab][0-9A-Fa-f]', 1),
    ('%[Ee][1-9ABCEFabcef]', 2),
    ('%[Ee][Dd]%[89][0-9A-Fa-f]', 1),
    ('%[Ff]0%[9ABab][0-9A-Fa-f]', 2),
    ('%[Ff][1-3]', 3),
    ('%[Ff]4%8[0-9A-Fa-f]', 2),
] -%}
|{{ start }}{{ tail * tails }}
{%- endfor -%}
)
{%- endmacro %}
