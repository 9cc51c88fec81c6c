{#- `yes` where an expression is the name of a column. Rules mention a column directly,
    which is twice as fast on the texts that nothing is done to. Anything else is
    computed once, in a subquery without a table, which SQLite does not flatten.

    A name that stands for a dear expression in a CTE that is not stored is computed
    again for each mention: put it in parentheses.

    expression: an SQL expression -#}
{% macro sqlite__is_column(expression) -%}
{{ 'yes' if (expression | replace('_', '') | replace('.', '')).isalnum() else 'no' }}
{%- endmacro %}
