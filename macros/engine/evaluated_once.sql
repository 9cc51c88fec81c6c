{#- Written as the last line of a CTE whose expressions are named more than once by the
    query that reads it: they are evaluated once for each row. Nothing on an engine that
    recognizes equal expressions. -#}
{% macro evaluated_once() %}
    {{- return(adapter.dispatch('evaluated_once', 'clip_search')()) -}}
{% endmacro %}

{% macro default__evaluated_once() %}{% endmacro %}

{#- SQLite merges a CTE into the query that reads it, and evaluates an expression wherever
    it is named, unless the CTE has an offset: then it hands over row by row. -#}
{% macro sqlite__evaluated_once() -%}
limit -1 offset 0
{%- endmacro %}
