{#- The names of a log's columns, as the var log_columns declares them: the required, the
    optional and the passed-through ones.

    log: 'search_request', 'search_result_interaction' or 'search_result_shown' -#}
{% macro column_names_of(log) %}
    {%- set declared = var('log_columns')[log] -%}
    {{ return(declared.required + declared.optional + declared.passed_through) }}
{% endmacro %}

{#- The columns of all logs, as the definition of the landing tables needs them. -#}
{% macro all_log_columns() %}
    {%- set columns = {} -%}
    {%- for log in var('log_columns') -%}
        {%- do columns.update({log: column_names_of(log)}) -%}
    {%- endfor -%}
    {{ return(columns) }}
{% endmacro %}

{#- The columns of a log that no rule reads, for a list of columns: each ends in a comma.
    Empty if none is declared.

    log: 'search_request', 'search_result_interaction' or 'search_result_shown'
    relation: the name of the relation that they come from, if several are joined -#}
{% macro passed_through(log, relation=none) -%}
{%- for column in var('log_columns')[log].passed_through %}
        {{ relation ~ '.' if relation }}{{ column }},
{%- endfor %}
{%- endmacro %}

{#- The same columns, redacted: anything may be in them.

    log: 'search_request', 'search_result_interaction' or 'search_result_shown' -#}
{% macro passed_through_redacted(log) -%}
{%- for column in var('log_columns')[log].passed_through %}
        {{ redacted_raw_text(column) }} as {{ column }},
{%- endfor %}
{%- endmacro %}

{#- Adds the passed-through columns of a log to the contract of the model that is being
    built, whose .yml cannot know them. -#}
{% macro add_passed_through_to_contract() %}
    {%- set log = config.get('passes_through') -%}
    {%- for column in (var('log_columns')[log].passed_through if log else []) -%}
        {%- do model['columns'].update({
            column: {'name': column, 'data_type': dbt.type_string(), 'constraints': []}
        }) -%}
    {%- endfor -%}
{% endmacro %}
