{#- Whether the normal form of a query may take more than `trim(lower())`: where it holds
    anything but printable ASCII, a plus sign, a percent sign or repeated spaces. Null
    stays null. -#}
{% macro is_odd_query(expression) %}
    {{- return(adapter.dispatch('is_odd_query', 'clip_search')(expression)) -}}
{% endmacro %}

{% macro sqlite__is_odd_query(expression) -%}
({{ expression }} glob '*[^ -$&-*,-~]*' or instr({{ expression }}, '  ') > 0)
{%- endmacro %}

{% macro duckdb__is_odd_query(expression) -%}
regexp_matches({{ expression }}, '[^ -$&-*,-~]|  ')
{%- endmacro %}

{% macro spark__is_odd_query(expression) -%}
{{ expression }} rlike r'[^ -$&-*,-~]|  '
{%- endmacro %}
