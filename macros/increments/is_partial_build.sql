{#- Whether a model may keep its rows and recompute only those that new data affects. It
    may not if the table does not exist yet, if --full-refresh is given, on the sample
    (whose rows have no load history), or if other code built the table or one of its
    parents. -#}
{% macro is_partial_build() %}
    {%- if not execute or model.resource_type != 'model' or should_full_refresh() -%}
        {{ return(false) }}
    {%- endif -%}
    {{ return(found_once('may keep rows of ' ~ model.name, may_keep_rows)) }}
{% endmacro %}

{#- The same for a model that is built without --full-refresh. -#}
{% macro may_keep_rows() %}
    {%- if load_cached_relation(this) is none or not has_loads() -%}
        {{ return(false) }}
    {%- endif -%}
    {{ return(are_built_by(code_fingerprint(), [model.name] + recorded_parents(model))) }}
{% endmacro %}

{#- Writes to the run's log why an existing table is built from all rows. -#}
{% macro log_full_build() %}
    {%- if load_cached_relation(this) is not none and has_loads() -%}
        {%- set reason = '--full-refresh was asked for' if should_full_refresh()
            else 'rules, vars, reference seeds or code are not those that built it'
        -%}
        {%- do log(model.name ~ ': built from all rows, since ' ~ reason, info=true) -%}
    {%- endif -%}
{% endmacro %}
