{#- Whether any load was ever recorded in this database. If so, staging reads the landed
    logs and not the sample, even if every file was unloaded since. -#}
{% macro has_loads() %}
    {%- if not execute -%}
        {{ return(false) }}
    {%- endif -%}
    {{ return(found_once('has loads', are_loads_recorded)) }}
{% endmacro %}

{#- The same, asked of the database. -#}
{% macro are_loads_recorded() %}
    {%- set load_record = source('landing', 'load_record') -%}
    {%- if load_relation(load_record) is none -%}
        {{ return(false) }}
    {%- endif -%}
    {%- set recorded = run_query('select count(*) as load_count from ' ~ load_record) -%}
    {{ return(recorded.rows[0][0] | int > 0) }}
{% endmacro %}
