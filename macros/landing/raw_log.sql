{#- The raw rows of a log: the landed ones if any load was recorded, else the sample.
    Both are always parents in the lineage. Sample and real rows never mix.

    log: 'search_request' or 'search_result_interaction' -#}
{% macro raw_log(log) %}
    {%- set columns = var('log_columns')[log] -%}
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
        {{ columns | join(',\n        ') }},
        cast(null as {{ dbt.type_string() }}) as malformed_line
    from {{ sample }}
    {%- endif -%}
{% endmacro %}
