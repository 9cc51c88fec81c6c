{#- Creates the landing tables if they do not exist, so that staging can read them
    before the first load. Runs before every dbt command. -#}
{% macro create_landing_tables() %}
    {%- if execute -%}
        {%- for statement in landing_statements() if statement.strip() -%}
            {%- do run_query(statement) -%}
        {%- endfor -%}
    {%- endif -%}
{% endmacro %}
