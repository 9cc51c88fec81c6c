{#- Whether the normal form of a query may need more than `trim(lower())`: it contains a
    character outside printable ASCII, a plus sign, a percent sign or repeated spaces.
    Null stays null. -#}
{% macro is_odd_query(value) %}
    {{- return(adapter.dispatch('is_odd_query', 'clip_search')(value)) -}}
{% endmacro %}

{% macro sqlite__is_odd_query(value) -%}
({{ value }} glob '*[^ -$&-*,-~]*' or instr({{ value }}, '  ') > 0)
{%- endmacro %}

{% macro duckdb__is_odd_query(value) -%}
regexp_matches({{ value }}, '[^ -$&-*,-~]|  ')
{%- endmacro %}

{#- Java looks up characters that are listed one by one, so the control characters are
    listed too. A class with ranges takes ten times as long. -#}
{% macro spark__is_odd_query(value) -%}
(
    octet_length({{ value }}) <> length({{ value }})
    or contains({{ value }}, '  ')
    or {{ value }} rlike r'[%+{{ spark__control_characters() }}]'
)
{%- endmacro %}

{#- The ASCII control characters, for use inside a character class. -#}
{% macro spark__control_characters() -%}
{%- for code_point in range(32) -%}
\x{ {{- "%x" | format(code_point) -}} }
{%- endfor -%}
\x{7f}
{%- endmacro %}
