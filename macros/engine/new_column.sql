{#- The statement that adds a column of text to a landing table.

    table: the landing table
    column: the name of the column -#}
{% macro new_column(table, column) %}
    {{- return(adapter.dispatch('new_column', 'clip_search')(table, column)) -}}
{% endmacro %}
