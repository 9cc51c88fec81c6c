{#- A seed is made anew each time, inside the transaction that fills it: a column that
    was added to its file needs no --full-refresh, and a failure keeps the old rows. -#}
{% macro clipsqlite__reset_csv_table(model, full_refresh, old_relation, agate_table) %}
    {%- do drop_inside_transaction(old_relation) -%}
    {{ return(create_csv_table(model, agate_table)) }}
{% endmacro %}
