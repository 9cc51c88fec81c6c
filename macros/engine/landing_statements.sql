{#- The statements that create the landing tables, as a list. -#}
{% macro landing_statements() %}
    {{- return(adapter.dispatch('landing_statements', 'clip_search')()) -}}
{% endmacro %}

{% macro sqlite__landing_statements() %}
    {{- return(landing_tables(all_log_columns()).split(';')) -}}
{% endmacro %}

{% macro duckdb__landing_statements() %}
    {{- return(landing_tables(all_log_columns()).split(';')) -}}
{% endmacro %}

{% macro spark__landing_statements() %}
    {{- return(spark__landing_tables(all_log_columns()).split(';')) -}}
{% endmacro %}

{#- The statement that adds a column of text to a table.

    table, column: their names -#}
{% macro add_text_column(table, column) %}
    {{- return(adapter.dispatch('add_text_column', 'clip_search')(table, column)) -}}
{% endmacro %}

{% macro default__add_text_column(table, column) %}
    {{- return('alter table ' ~ table ~ ' add column ' ~ column ~ ' text') -}}
{% endmacro %}

{% macro spark__add_text_column(table, column) %}
    {{- return('alter table ' ~ table ~ ' add columns (' ~ column ~ ' string)') -}}
{% endmacro %}
