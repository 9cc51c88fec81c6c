{#- The row number of a row in its seed file, starting at 1. -#}
{% macro seed_row_number() %}
    {{- return(adapter.dispatch('seed_row_number', 'clip_search')()) -}}
{% endmacro %}

{% macro sqlite__seed_row_number() %}rowid{% endmacro %}

{#- DuckDB keeps rows in insertion order, but its rowid does not start again after a
    table was emptied. -#}
{% macro duckdb__seed_row_number() %}row_number() over (){% endmacro %}

{#- One task writes a seed into one small file, and one task reads it. -#}
{% macro spark__seed_row_number() -%}
cast(monotonically_increasing_id() + 1 as int)
{%- endmacro %}
