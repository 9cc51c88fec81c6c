{#- The loader renders this file with plain Jinja, like landing_tables.sql. -#}
{% macro spark__new_column(table, column) -%}
alter table {{ table }} add columns ({{ column }} string)
{%- endmacro %}
