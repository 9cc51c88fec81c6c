{#- The raw rows of a log: the landed ones if any load was recorded, else the sample.
    Both are always parents in the lineage. Sample and real rows never mix. The sample
    has the required columns only. It does not say what was shown: without loads, that
    log has no rows.

    log: 'search_request', 'search_result_interaction' or 'search_result_shown' -#}
{% macro raw_log(log) %}
    {%- set columns = column_names_of(log) -%}
    {%- set required = var('log_columns')[log].required -%}
    {%- set sample = ref(log) if log != 'search_result_shown' -%}
    {%- set landed = source('landing', 'landed_' ~ log) -%}
    {%- if not sample or has_loads() -%}
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
