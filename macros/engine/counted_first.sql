{#- Goes on the last line of a small CTE that is joined with large ones. It has an
    effect only on an engine that re-plans at run time: the engine then knows how small
    the CTE is and broadcasts it instead of sorting the large side. -#}
{% macro counted_first() %}
    {{- return(adapter.dispatch('counted_first', 'clip_search')()) -}}
{% endmacro %}

{% macro sqlite__counted_first() %}{% endmacro %}

{% macro duckdb__counted_first() %}{% endmacro %}

{#- Spark counts only rows that it shuffles, and does not shuffle rows that are already
    partitioned for the join, as grouped rows are. So they are shuffled at random. -#}
{% macro spark__counted_first() -%}
distribute by rand()
{%- endmacro %}
