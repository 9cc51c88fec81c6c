{#- Deletes all rows of a table. -#}
{% macro empty_table(name) %}
    {%- do adapter.dispatch('empty_table', 'clip_search')(name) -%}
{% endmacro %}

{% macro default__empty_table(name) %}
    {%- do write_statement('delete from ' ~ name) -%}
{% endmacro %}

{% macro spark__empty_table(name) %}
    {%- do run_query('truncate table ' ~ name) -%}
{% endmacro %}
