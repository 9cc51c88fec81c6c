{#- Written as the last line of a CTE of few rows, with which large ones are joined. Only for
    an engine that plans again while it runs: it then knows how few they are, and brings
    them to the rows of a large one instead of sorting those. -#}
{% macro counted_first() %}
    {{- return(adapter.dispatch('counted_first', 'clip_search')()) -}}
{% endmacro %}

{% macro sqlite__counted_first() %}{% endmacro %}

{% macro duckdb__counted_first() %}{% endmacro %}

{#- Spark counts what goes from one worker to another, and keeps rows where they are that
    lie right for a join already, as grouped ones do. -#}
{% macro spark__counted_first() -%}
distribute by rand()
{%- endmacro %}
