{#- Whether the normal form of a query may take more than `trim(lower())`: where it holds
    anything but printable ASCII, a plus sign, a percent sign or repeated spaces. Null
    stays null. -#}
{% macro is_odd_query(value) %}
    {{- return(adapter.dispatch('is_odd_query', 'clip_search')(value)) -}}
{% endmacro %}

{% macro sqlite__is_odd_query(value) -%}
({{ value }} glob '*[^ -$&-*,-~]*' or instr({{ value }}, '  ') > 0)
{%- endmacro %}

{% macro duckdb__is_odd_query(value) -%}
regexp_matches({{ value }}, '[^ -$&-*,-~]|  ')
{%- endmacro %}

{#- Java looks characters up that are listed one by one, control characters too; a class
    with ranges would take it ten times as long. -#}
{% macro spark__is_odd_query(value) -%}
(
    octet_length({{ value }}) <> length({{ value }})
    or contains({{ value }}, '  ')
    or {{ value }} rlike r'[%+{{ spark__control_characters() }}]'
)
{%- endmacro %}

{#- The inside of a class: ASCII's control characters. -#}
{% macro spark__control_characters() -%}
{%- for code_point in range(32) -%}
\x{ {{- "%x" | format(code_point) -}} }
{%- endfor -%}
\x{7f}
{%- endmacro %}
