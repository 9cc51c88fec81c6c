{#- Goes before the opening parenthesis of a CTE that is cheap to compute and expensive
    to store: a few comparisons on the rows of a CTE that is already stored. -#}
{% macro inlined() %}
    {{- return(adapter.dispatch('inlined', 'clip_search')()) -}}
{% endmacro %}

{% macro sqlite__inlined() %}not materialized{% endmacro %}

{% macro duckdb__inlined() %}not materialized{% endmacro %}

{% macro spark__inlined() %}{% endmacro %}
