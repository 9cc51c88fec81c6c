{#- Puts the staged rows of a log that an increment judges again into the temporary table
    affected_<log>. Staging is dear: only these rows are to pass through it.

    log: 'search_request' or 'search_result_interaction' -#}
{% macro stage_affected(log) %}
    {%- do adapter.dispatch('stage_affected', 'clip_search')(log) -%}
{% endmacro %}

{#- An index leads to them, and the view stages what the join asks for. -#}
{% macro default__stage_affected(log) %}
    {%- set landed = source('landing', 'landed_' ~ log) -%}
    {%- set staged_rows -%}
select staged.*
from (
    select file_id, line_number
    from {{ landed }}
    where file_id in (select file_id from pending_file where log = '{{ log }}')
    union
    select file_id, line_number
    from {{ landed }}
    where {{ trimmed('search_id') }} in (select search_id from affected_search_id)
) as affected
inner join {{ ref('stg_' ~ log) }} as staged
    on affected.file_id = staged.file_id and affected.line_number = staged.line_number
where
    {{ is_to_be_judged(log) }}
    {%- endset -%}
    {%- do replace_temporary('affected_' ~ log, staged_rows) -%}
{% endmacro %}

{#- The view works odd values out over all that it reads, so that it is given these rows to
    read in place of the log. -#}
{% macro duckdb__stage_affected(log) %}
    {%- set affected -%}
file_id in (select file_id from pending_file where log = '{{ log }}')
or {{ trimmed('search_id') }} in (select search_id from affected_search_id)
    {%- endset -%}
    {%- set landed_again = few_rows(source('landing', 'landed_' ~ log), affected) -%}
    {%- set staged_rows -%}
select staged.*
from {{ ref('stg_' ~ log) }} as staged
where
    {{ is_to_be_judged(log) }}
    {%- endset -%}
    {%- do replace_temporary('landed_again_' ~ log, landed_again) -%}
    {%- do write_statement(
        "set variable landed_rows_of_" ~ log ~ " = 'temp.landed_again_" ~ log ~ "'"
    ) -%}
    {%- do replace_temporary('affected_' ~ log, staged_rows) -%}
    {%- do write_statement('reset variable landed_rows_of_' ~ log) -%}
{% endmacro %}
