{#- The few rows of a large table that a condition on one of its columns selects.

    relation: a table
    condition: on columns of it -#}
{% macro few_rows(relation, condition) %}
    {{- return(adapter.dispatch('few_rows', 'clip_search')(relation, condition)) -}}
{% endmacro %}

{% macro default__few_rows(relation, condition) -%}
    select *
    from {{ relation }}
    where {{ condition }}
{%- endmacro %}

{#- The columns of the condition are read first, and of the others no more than holds the
    rows found: what came last lies together. -#}
{% macro duckdb__few_rows(relation, condition) -%}
    select *
    from {{ relation }}
    where rowid in (select rowid from {{ relation }} where {{ condition }})
{%- endmacro %}
