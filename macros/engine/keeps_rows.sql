{#- Whether an engine can change single rows of a table and keep the others. -#}
{% macro keeps_rows() %}
    {{- return(adapter.dispatch('keeps_rows', 'clip_search')()) -}}
{% endmacro %}

{% macro sqlite__keeps_rows() %}
    {{- return(true) -}}
{% endmacro %}

{% macro duckdb__keeps_rows() %}
    {{- return(true) -}}
{% endmacro %}

{#- Parquet files can only be written as a whole (docs/engines.md). -#}
{% macro spark__keeps_rows() %}
    {{- return(false) -}}
{% endmacro %}
