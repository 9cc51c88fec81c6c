{#- Whether a redacted query may be of another kind than `text`: placeholders, links and
    host names contain `[`, `.` or `:`. Null stays null. -#}
{% macro may_be_special_query(value) %}
    {{- return(adapter.dispatch('may_be_special_query', 'clip_search')(value)) -}}
{% endmacro %}

{% macro sqlite__may_be_special_query(value) -%}
{{ value }} glob '*[[.:]*'
{%- endmacro %}

{% macro duckdb__may_be_special_query(value) -%}
regexp_matches({{ value }}, '[\[.:]')
{%- endmacro %}

{% macro spark__may_be_special_query(value) -%}
{{ value }} rlike r'[\[.:]'
{%- endmacro %}
