{#- The statements that create the landing tables, as a list. -#}
{% macro landing_statements() %}
    {{- return(adapter.dispatch('landing_statements', 'clip_search')()) -}}
{% endmacro %}

{% macro default__landing_statements() %}
    {{- return(landing_tables(all_log_columns()).split(';')) -}}
{% endmacro %}

{% macro spark__landing_statements() %}
    {{- return(spark__landing_tables(all_log_columns()).split(';')) -}}
{% endmacro %}
