{#- The search_ids of rows that came or went: a select. A file's own rows are gone when it
    is unloaded, so the loader keeps their ids. -#}
{% macro affected_search_ids() -%}
select distinct search_id
from (
    {%- for log in ['search_request', 'search_result_interaction'] %}
    select {{ trimmed('search_id') }} as search_id
    from {{ source('landing', 'landed_' ~ log) }}
    where file_id in (select file_id from pending_file where log = '{{ log }}')
    union all
    {%- endfor %}
    select {{ trimmed('unloaded.search_id') }} as search_id
    from unloaded_search_id as unloaded
    inner join pending_file
        on unloaded.log = pending_file.log and unloaded.file_id = pending_file.file_id
) as seen
where search_id <> ''
{%- endmacro %}

{#- The condition on the raw rows of a log that a staging model reads: in a partial build
    those of the pending files, else all that it should hold. Nothing on the sample.

    log: 'search_request' or 'search_result_interaction' -#}
{% macro files_to_stage(log) -%}
{%- if reads_landed_rows() -%}
where file_id in (
        select file_id from ({{ wanted_files() }}) as wanted where log = '{{ log }}'
    )
{%- if is_partial_build() %}
    and file_id in (select file_id from pending_file where log = '{{ log }}')
{%- endif -%}
{%- endif -%}
{%- endmacro %}

{#- The staged rows of a log that a model judges: in a partial build the affected ones,
    else all, in any case of the files that the table which this model follows holds.

    log: 'search_request' or 'search_result_interaction' -#}
{% macro rows_to_judge(log) -%}
{%- set staged = ref('stg_' ~ log) -%}
{{ rows_taken_in(only_affected(staged, log), log, followed_model()) }}
{%- endmacro %}

{#- The rows of a log that a table has taken in: all, but for those of files that were
    loaded after it was built.

    rows: a relation with file_id, one row for each raw row
    log: 'search_request' or 'search_result_interaction'
    model_name: the table's model -#}
{% macro rows_taken_in(rows, log, model_name) -%}
{%- if reads_landed_rows() -%}
(
    select *
    from {{ rows }}
    where file_id in (
        select file_id from ({{ built_files(model_name) }}) as built where log = '{{ log }}'
    )
) as staged
{%- else -%}
{{ rows }} as staged
{%- endif -%}
{%- endmacro %}

{#- A relation with one row for each raw row of a log: to be counted, not read.

    log: 'search_request' or 'search_result_interaction' -#}
{% macro raw_rows(log) %}
    {%- set staged = ref('stg_' ~ log) -%}
    {{ return(
        source('landing', 'landed_' ~ log) if reads_landed_rows() else staged
    ) }}
{% endmacro %}

{#- Whether the raw rows that a model reads were landed: not those of the sample, nor
    those that a unit test gives. -#}
{% macro reads_landed_rows() %}
    {{ return(execute and model.resource_type != 'unit_test' and has_loads()) }}
{% endmacro %}

{#- The rows of a table that a model looks at: in a partial build those of the affected
    search_ids and, where a log is named, those without one in that log's pending files.

    relation: a table with search_id, and with file_id where a log is named
    log: 'search_request' or 'search_result_interaction' -#}
{% macro only_affected(relation, log=none) -%}
{%- if is_partial_build() -%}
{%- set condition -%}
search_id in (select search_id from affected_search_id)
        {%- if log %}
        or (
            search_id is null
            and file_id in (select file_id from pending_file where log = '{{ log }}')
        )
        {%- endif %}
{%- endset -%}
(
    {{ few_rows(relation, condition) }}
) as affected
{%- else -%}
{{ relation }}
{%- endif -%}
{%- endmacro %}
