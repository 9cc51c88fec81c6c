{#- The 1-based place of a row in its seed file. -#}
{% macro seed_row_number() %}
    {{- return(adapter.dispatch('seed_row_number', 'clip_search')()) -}}
{% endmacro %}

{% macro sqlite__seed_row_number() %}rowid{% endmacro %}

{#- DuckDB keeps rows in the order they came in, but counts on where an emptied table
    ended. -#}
{% macro duckdb__seed_row_number() %}row_number() over (){% endmacro %}

{#- A seed is written by one task into one small file, and read by one. -#}
{% macro spark__seed_row_number() -%}
cast(monotonically_increasing_id() + 1 as int)
{%- endmacro %}
