{#- A select of the files whose rows a model's table contains. -#}
{% macro built_files(model_name) -%}
{{ adapter.dispatch('built_files', 'clip_search')(model_name) }}
{%- endmacro %}

{% macro default__built_files(model_name) -%}
select
    log,
    file_id
from built_file
where model_name = '{{ model_name }}'
{%- endmacro %}

{#- A select of the files whose rows this model should contain. A table `follows`
    another one and contains the same files, so that all tables of a run agree even if a
    load comes in between. The first table follows the loads. -#}
{% macro wanted_files() -%}
{{ adapter.dispatch('wanted_files', 'clip_search')() }}
{%- endmacro %}

{% macro default__wanted_files() -%}
{{ built_files(followed_model()) if followed_model() else loaded_files() }}
{%- endmacro %}

{#- A select of the files that are loaded. -#}
{% macro loaded_files() -%}
select distinct
    log,
    file_id
from {{ source('landing', 'load_record') }}
where unloaded_at is null
{%- endmacro %}

{#- The model whose files this model's table contains too, if any. -#}
{% macro followed_model() %}
    {{ return(config.get('follows') if execute) }}
{% endmacro %}

{#- A select of the files that this model should contain and doesn't, or the
    reverse. -#}
{% macro pending_files() -%}
{{ adapter.dispatch('pending_files', 'clip_search')() }}
{%- endmacro %}

{% macro default__pending_files() -%}
select
    log,
    file_id
from ({{ wanted_files() }} except {{ built_files(model.name) }}) as to_take_in
union all
select
    log,
    file_id
from ({{ built_files(model.name) }} except {{ wanted_files() }}) as to_let_go
{%- endmacro %}

{#- Whether this model's table is up to date. Only called for a model that may be built
    incrementally. -#}
{% macro has_nothing_pending() %}
    {%- set counted = run_query(
        'select count(*) from (' ~ pending_files() ~ ') as pending'
    ) -%}
    {{ return(counted.rows[0][0] | int == 0) }}
{% endmacro %}

{#- Records which files' rows this model's table contains now. -#}
{% macro record_files() %}
    {%- do write_statement(
        "delete from built_file where model_name = '" ~ model.name ~ "'"
    ) -%}
    {%- if has_loads() -%}
        {%- do write_statement(
            "insert into built_file (model_name, log, file_id) select '" ~ model.name
            ~ "', log, file_id from (" ~ wanted_files() ~ ") as wanted"
        ) -%}
    {%- endif -%}
{% endmacro %}
