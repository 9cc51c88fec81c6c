{#- Goes before the opening parenthesis of a CTE that must be computed once and not
    again for each expression that uses its columns. Empty on an engine that decides
    itself. -#}
{% macro materialized() %}
    {{- return(adapter.dispatch('materialized', 'clip_search')()) -}}
{% endmacro %}

{% macro sqlite__materialized() %}materialized{% endmacro %}

{% macro duckdb__materialized() %}materialized{% endmacro %}

{% macro spark__materialized() %}{% endmacro %}
