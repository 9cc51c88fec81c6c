{#- The few rows of a large table that a condition on its columns selects.

    relation: a table
    condition: a condition on the table's columns -#}
{% macro few_rows(relation, condition) %}
    {{- return(adapter.dispatch('few_rows', 'clip_search')(relation, condition)) -}}
{% endmacro %}

{% macro default__few_rows(relation, condition) -%}
    select *
    from {{ relation }}
    where {{ condition }}
{%- endmacro %}

{#- DuckDB reads the columns of the condition first, and of the other columns only the
    blocks that contain the selected rows: recent rows are stored close together. -#}
{% macro duckdb__few_rows(relation, condition) -%}
    select *
    from {{ relation }}
    where rowid in (select rowid from {{ relation }} where {{ condition }})
{%- endmacro %}
