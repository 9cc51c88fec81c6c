{#- The raw rows of a log: the landed ones if any load was recorded, else the sample.
    Both are always parents in the lineage. Sample and real rows never mix. The sample
    has the required columns only.

    log: 'search_request' or 'search_result_interaction' -#}
{% macro raw_log(log) %}
    {%- set columns = column_names_of(log) -%}
    {%- set required = var('log_columns')[log].required -%}
    {%- set sample = ref(log) -%}
    {%- set landed = source('landing', 'landed_' ~ log) -%}
    {%- if has_loads() -%}
    select
        file_id,
        line_number,
        {{ columns | join(',\n        ') }},
        malformed_line
    from {{ landed }}
    {%- else -%}
    select
        0 as file_id,
        {{ seed_row_number() }} as line_number,
        {%- for column in columns %}
        {{ column if column in required else 'cast(null as ' ~ dbt.type_string() ~ ') as ' ~ column }},
        {%- endfor %}
        cast(null as {{ dbt.type_string() }}) as malformed_line
    from {{ sample }}
    {%- endif -%}
{% endmacro %}
