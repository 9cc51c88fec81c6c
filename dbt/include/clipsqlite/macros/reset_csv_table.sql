{#- Drops and recreates a seed each time, in the transaction that fills it: a new column
    in its file needs no --full-refresh, and a failure keeps the old rows. -#}
{% macro clipsqlite__reset_csv_table(model, full_refresh, old_relation, agate_table) %}
    {%- do drop_inside_transaction(old_relation) -%}
    {{ return(create_csv_table(model, agate_table)) }}
{% endmacro %}
