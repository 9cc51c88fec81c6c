{#- Written before the bracket of a CTE that is cheap to compute and dear to store: a few
    comparisons on the rows of a CTE that is stored already. -#}
{% macro inlined() %}
    {{- return(adapter.dispatch('inlined', 'clip_search')()) -}}
{% endmacro %}

{% macro sqlite__inlined() %}not materialized{% endmacro %}

{% macro duckdb__inlined() %}not materialized{% endmacro %}

{% macro spark__inlined() %}{% endmacro %}
