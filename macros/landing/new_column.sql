{#- The loader renders this file with plain Jinja, like landing_tables.sql. -#}
{% macro default__new_column(table, column) -%}
alter table {{ table }} add column {{ column }} text
{%- endmacro %}
