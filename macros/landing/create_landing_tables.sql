{#- Makes the landing tables where they are not there yet, so that staging can name them
    before anything was ever loaded. Runs before every dbt command. -#}
{% macro create_landing_tables() %}
    {%- if execute -%}
        {%- for statement in landing_statements() if statement.strip() -%}
            {%- do run_query(statement) -%}
        {%- endfor -%}
    {%- endif -%}
{% endmacro %}
