{#- Finds what an increment has to do again, in temporary tables: the pending files, the
    search_ids seen in them, and, of each log that the model judges, the staged rows of
    both.

    sql: the model's query, which says what it reads -#}
{% macro find_affected(sql) %}
    {%- do replace_temporary('pending_file', pending_files()) -%}
    {%- do replace_temporary('affected_search_id', affected_search_ids()) -%}
    {%- for log in ['search_request', 'search_result_interaction'] -%}
        {%- if 'affected_' ~ log in sql -%}
            {%- do stage_affected(log) -%}
        {%- endif -%}
    {%- endfor -%}
{% endmacro %}

{% macro replace_temporary(name, sql) %}
    {%- do write_statement('drop table if exists temp.' ~ name) -%}
    {%- do write_statement('create temporary table ' ~ name ~ ' as ' ~ sql) -%}
{% endmacro %}

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

{#- Whether a staged row is to be judged again, of those that came or went or have an
    affected search_id: a condition. A row without a search_id hangs on nothing but
    itself: it is judged with its own file, and once. -#}
{% macro is_to_be_judged(log) -%}
staged.file_id in (
        select file_id from ({{ wanted_files() }}) as wanted where log = '{{ log }}'
    )
    and (
        staged.search_id is not null
        or staged.file_id in (select file_id from pending_file where log = '{{ log }}')
    )
{%- endmacro %}

{#- The staged rows of a log that a model judges: in an increment the affected ones, else
    all that the table which this model follows has taken in.

    log: 'search_request' or 'search_result_interaction' -#}
{% macro rows_to_judge(log) -%}
{%- set staged = ref('stg_' ~ log) -%}
{%- if is_increment() -%}
affected_{{ log }} as staged
{%- else -%}
{{ rows_taken_in(staged, log, followed_model()) }}
{%- endif -%}
{%- endmacro %}

{#- The staged rows of a log with certain search_ids, of those that a model judges. Where
    an index finds the landed ones, they are looked for where they landed, since staging
    is dear and these rows are few.

    log: 'search_request' or 'search_result_interaction'
    search_ids: the name of a CTE with one column, search_id -#}
{% macro rows_about(log, search_ids) -%}
{%- set wanted = 'in (select search_id from ' ~ search_ids ~ ')' -%}
(
    select staged.*
    from {{ rows_to_judge(log) }}
    {%- if
        reads_landed_rows()
        and not is_increment()
        and index_for_search_id('landed_' ~ log)
    %}
    inner join (
        select
            file_id as landed_file_id,
            line_number as landed_line_number
        from {{ source('landing', 'landed_' ~ log) }}
        where {{ trimmed('search_id') }} {{ wanted }}
    ) as landed
        on staged.file_id = landed_file_id and staged.line_number = landed_line_number
    {%- endif %}
    where staged.search_id {{ wanted }}
) as found
{%- endmacro %}

{#- The rows of a log that a table has taken in: all, but for those of files that were
    loaded after it was built.

    rows: a relation with file_id, one row for each raw row
    log: 'search_request' or 'search_result_interaction'
    model_name: the table's model; none where the loads themselves are meant -#}
{% macro rows_taken_in(rows, log, model_name) -%}
{%- if model_name and reads_landed_rows() -%}
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

{#- Whether the staged rows that a model reads were landed: not those of the sample, nor
    those that a unit test gives. -#}
{% macro reads_landed_rows() %}
    {{ return(execute and model.resource_type != 'unit_test' and has_loads()) }}
{% endmacro %}

{#- The rows of a table that a model looks at: in an increment those of the affected
    search_ids and, where a log is named, those without one in that log's pending files.

    relation: a table with search_id, and with file_id where a log is named
    log: 'search_request' or 'search_result_interaction' -#}
{% macro only_affected(relation, log=none) -%}
{%- if is_increment() -%}
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
