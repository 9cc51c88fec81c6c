{#- Written before the bracket of a CTE that must be computed once, not again for every
    expression that names its columns. Nothing on an engine that decides by itself. -#}
{% macro materialized() %}
    {{- return(adapter.dispatch('materialized', 'clip_search')()) -}}
{% endmacro %}

{% macro sqlite__materialized() %}materialized{% endmacro %}

{% macro duckdb__materialized() %}materialized{% endmacro %}

{% macro spark__materialized() %}{% endmacro %}
