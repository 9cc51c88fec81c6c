{#- Creates a table from the query; the table materialization enforces contracts. -#}
{% macro clipsqlite__create_table_as(temporary, relation, sql) %}
create {{ 'temporary ' if temporary }}table {{ relation }} as
{{ sql }}
{% endmacro %}
