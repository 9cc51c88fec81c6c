{#- Goes on the last line of a CTE whose expressions the reading query uses more than
    once: they are evaluated once per row. Empty on an engine that recognises equal
    expressions. -#}
{% macro evaluated_once() %}
    {{- return(adapter.dispatch('evaluated_once', 'clip_search')()) -}}
{% endmacro %}

{% macro default__evaluated_once() %}{% endmacro %}

{#- SQLite merges a CTE into the query that reads it and evaluates an expression at each
    use. An `offset` prevents the merge, and rows are passed on one by one. -#}
{% macro sqlite__evaluated_once() -%}
limit -1 offset 0
{%- endmacro %}
