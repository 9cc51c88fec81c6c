{#- Creates the landing tables if they do not exist, so that staging can read them
    before the first load, and the columns that were declared since. Runs before every
    dbt command. -#}
{% macro create_landing_tables() %}
    {%- if execute -%}
        {%- for statement in landing_statements() if statement.strip() -%}
            {%- do run_query(statement) -%}
        {%- endfor -%}
        {%- for log, columns in all_log_columns().items() -%}
            {%- set landed = source('landing', 'landed_' ~ log) -%}
            {%- set present = adapter.get_columns_in_relation(landed)
                | map(attribute='name') | list -%}
            {%- for column in columns | reject('in', present) -%}
                {%- do write_statement(new_column(landed, column)) -%}
                {%- do adapter.commit() -%}
            {%- endfor -%}
        {%- endfor -%}
    {%- endif -%}
{% endmacro %}
