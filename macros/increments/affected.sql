{#- Whether the rows of this model are what was shown. -#}
{% macro is_of_what_was_shown() %}
    {{ return('search_result_shown' in [config.get('log'), config.get('passes_through')]) }}
{% endmacro %}

{#- The logs whose rows this model's rows depend on: searches and clicks on each other, and
    what was shown on both. No search or click depends on what was shown. -#}
{% macro logs_that_matter() %}
    {%- set logs = ['search_request', 'search_result_interaction'] -%}
    {{ return(logs + ['search_result_shown'] if is_of_what_was_shown() else logs) }}
{% endmacro %}

{#- A select of the pending files whose rows can change this model's rows: all of them or,
    where nothing was shown before and nothing is now, none. So a site that does not log
    what it shows does not look for what its other rows affect. -#}
{% macro files_that_matter() -%}
select
    log,
    file_id
from ({{ pending_files() }}) as pending
{%- if is_of_what_was_shown() %}
where
    exists (select 1 from {{ this }})
    or exists (
        select 1 from {{ this.incorporate(path={'identifier': 'stg_search_result_shown'}) }}
    )
{%- endif -%}
{%- endmacro %}

{#- A select of the search_ids whose rows were added or removed. The rows of an unloaded
    file are gone, so the loader keeps their ids. -#}
{% macro affected_search_ids() -%}
with seen as (
    {%- for log in logs_that_matter() %}
    select {{ trimmed('search_id') }} as search_id
    from {{ source('landing', 'landed_' ~ log) }}
    where file_id in ({{ pending_ids(log) }})
    union all
    {%- endfor %}
    {%- for log in logs_that_matter() %}
    select {{ trimmed('search_id') }} as search_id
    from unloaded_search_id
    where log = '{{ log }}' and file_id in ({{ pending_ids(log) }})
    {{- '\n    union all' if not loop.last }}
    {%- endfor %}
),

-- Where a log has no search ids, the searches and clicks of a session depend on each
-- other.
session as (
    select distinct {{ inferred_session('search_id') }} as session_id
    from seen
    where {{ may_be_inferred_id('search_id') }}
)

select search_id
from seen
where search_id <> ''
{%- for log in ['search_request', 'search_result_interaction'] %}
union
select staged.search_id
from session
cross join {{ this.incorporate(path={'identifier': 'stg_' ~ log}) }} as staged
where
    staged.search_id > session.session_id
    and staged.search_id < session.session_id || '.'
{%- endfor %}
{%- endmacro %}

{#- The condition on the raw rows of a log that a staging model reads: in a partial
    build those of the pending files, else those of all files that it should contain.
    Empty for the sample.

    log: 'search_request', 'search_result_interaction' or 'search_result_shown' -#}
{% macro files_to_stage(log) -%}
{%- if reads_landed_rows() -%}
where file_id in (
        select file_id from ({{ wanted_files() }}) as wanted where log = '{{ log }}'
    )
{%- if is_partial_build() %}
    and file_id in ({{ pending_ids(log) }})
{%- endif -%}
{%- endif -%}
{%- endmacro %}

{#- The staged rows of a log that a model checks: in a partial build the affected ones,
    else all. In both cases only rows of the files in the table that this model follows.

    log: 'search_request', 'search_result_interaction' or 'search_result_shown' -#}
{% macro rows_to_judge(log) -%}
{%- set staged = ref('stg_' ~ log) -%}
{{ rows_taken_in(only_affected(staged, log), log, followed_model()) }}
{%- endmacro %}

{#- The rows of a log that a table includes: all except those of files that were loaded
    after it was built.

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

{#- A relation with one row per raw row of a log, for counting only.

    log: 'search_request', 'search_result_interaction' or 'search_result_shown' -#}
{% macro raw_rows(log) %}
    {%- set staged = ref('stg_' ~ log) -%}
    {{ return(
        source('landing', 'landed_' ~ log) if reads_landed_rows() else staged
    ) }}
{% endmacro %}

{#- Whether a model reads landed rows, and not those of the sample or of a unit
    test. -#}
{% macro reads_landed_rows() %}
    {{ return(execute and model.resource_type != 'unit_test' and has_loads()) }}
{% endmacro %}

{#- The rows of a table that a model reads: in a partial build those of the affected
    search_ids and, if a log is given, those without a search_id in its pending files.

    relation: a table with search_id, and with file_id if a log is given
    log: 'search_request', 'search_result_interaction' or 'search_result_shown' -#}
{% macro only_affected(relation, log=none) -%}
{%- if is_partial_build() -%}
{%- set condition -%}
search_id in (select search_id from {{ affected_search_id() }})
        {%- if log %}
        or (
            search_id is null
            and file_id in ({{ pending_ids(log) }})
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
