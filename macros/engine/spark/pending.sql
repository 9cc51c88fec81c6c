{#- Which files are new for a model, found out once: its query and what it records of
    itself must agree. Each is a list of a log's name and a file's id. -#}

{#- The files whose rows this model should contain. -#}
{% macro spark__wanted() %}
    {%- set key = model.name ~ ': wanted' -%}
    {%- if adapter.recall(key) is none -%}
        {%- if not has_loads() -%}
            {%- set files = [] -%}
        {%- elif followed_model() -%}
            {%- set files = adapter.files_of(
                this.incorporate(path={'identifier': followed_model()})
            ) -%}
        {%- else -%}
            {%- set files = adapter.files_in(run_query(loaded_files()).rows) -%}
        {%- endif -%}
        {%- do adapter.remember(key, files) -%}
    {%- endif -%}
    {{ return(adapter.recall(key)) }}
{% endmacro %}

{#- The files that this model should contain and doesn't, or the reverse. -#}
{% macro spark__pending() %}
    {%- set key = model.name ~ ': pending' -%}
    {%- if adapter.recall(key) is none -%}
        {%- set files = adapter.files_that_differ(
            spark__wanted(), adapter.files_of(this)
        ) -%}
        {%- do adapter.remember(key, files) -%}
    {%- endif -%}
    {{ return(adapter.recall(key)) }}
{% endmacro %}

{#- Those of them whose rows can change this model's rows: for staged rows the log's own,
    else `files_that_matter`. -#}
{% macro spark__pending_that_matter() %}
    {%- set key = model.name ~ ': pending that matter' -%}
    {%- if adapter.recall(key) is none -%}
        {%- if config.get('refresh') == 'search_ids' -%}
            {%- set files = adapter.files_in(run_query(files_that_matter()).rows) -%}
        {%- else -%}
            {%- set files = [] -%}
            {%- for file in spark__pending() if file[0] == config.get('log') -%}
                {%- do files.append(file) -%}
            {%- endfor -%}
        {%- endif -%}
        {%- do adapter.remember(key, files) -%}
    {%- endif -%}
    {{ return(adapter.recall(key)) }}
{% endmacro %}

{#- A select of the log and file_id of some files.

    files: a list of a log's name and a file's id -#}
{% macro spark__file_list(files) -%}
{%- if files -%}
select
    log,
    file_id
from values
    {%- for file in files %}
    ('{{ file[0] }}', {{ file[1] | int }}){{ ',' if not loop.last }}
    {%- endfor %}
    as file (log, file_id)
{%- else -%}
select
    cast(null as string) as log,
    cast(null as int) as file_id
where false
{%- endif -%}
{%- endmacro %}

{% macro spark__built_files(model_name) -%}
{{ spark__file_list(adapter.files_of(this.incorporate(path={'identifier': model_name}))) }}
{%- endmacro %}

{% macro spark__wanted_files() -%}
{{ spark__file_list(spark__wanted()) }}
{%- endmacro %}

{% macro spark__pending_files() -%}
{{ spark__file_list(spark__pending()) }}
{%- endmacro %}
