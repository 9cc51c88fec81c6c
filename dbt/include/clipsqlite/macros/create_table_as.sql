{#- The table as the query gives it; contracts are kept by the table materialization. -#}
{% macro clipsqlite__create_table_as(temporary, relation, sql) %}
create {{ 'temporary ' if temporary }}table {{ relation }} as
{{ sql }}
{% endmacro %}
