{#- Makes the landing tables where they are not there yet, so that staging can name them
    before anything was ever loaded, and what an engine needs to find the rows of one
    search_id in them. Runs before every dbt command. -#}
{% macro create_landing_tables() %}
    {%- if execute -%}
        {%- set waiting = wait_for_writer() -%}
        {%- if waiting -%}
            {%- do run_query(waiting) -%}
        {%- endif -%}
        {%- for statement in landing_statements() if statement.strip() -%}
            {%- do run_query(statement) -%}
        {%- endfor -%}
        {%- for log in ['search_request', 'search_result_interaction'] -%}
            {%- set indexing = index_for_search_id('landed_' ~ log) -%}
            {%- if indexing -%}
                {%- do run_query(indexing) -%}
            {%- endif -%}
        {%- endfor -%}
    {%- endif -%}
{% endmacro %}
