{#- The landed rows of a log; to the staging view, while `stage_affected` fills its table,
    those of them that are affected.

    log: 'search_request' or 'search_result_interaction' -#}
{% macro landed_rows(log) %}
    {{- return(adapter.dispatch('landed_rows', 'clip_search')(log)) -}}
{% endmacro %}

{% macro default__landed_rows(log) -%}
{{ source('landing', 'landed_' ~ log) }}
{%- endmacro %}

{#- A view must not name its own file, which may be given another name. -#}
{% macro duckdb__landed_rows(log) -%}
query_table(coalesce(
        getvariable('landed_rows_of_{{ log }}'),
        '{{ source('landing', 'landed_' ~ log).include(database=false) }}'
    ))
{%- endmacro %}
