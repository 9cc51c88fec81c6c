{#- `kept_up_to_date` (macros/increments) for Spark: an increment writes a generation, and
    replacing the view is the step that makes it part of the table
    (clip_search/engines/spark_generations.py). -#}
{% materialization kept_up_to_date, adapter='clipspark' %}
    {%- set target_relation = this.incorporate(type='view') -%}
    {%- set refresh = config.require('refresh') -%}
    {%- set is_partial = is_partial_build() -%}
    {%- do add_passed_through_to_contract() -%}

    {{ run_hooks(pre_hooks) }}
    {%- if is_partial and not spark__pending() -%}
        {%- call noop_statement('main', 'nothing new', 'nothing new', 0) -%}
        {%- endcall -%}
    {%- else -%}
        {%- if not is_partial -%}
            {%- do log_full_build() -%}
        {%- endif -%}
        {%- if is_partial and refresh in ('search_ids', 'files') -%}
            {%- do spark__add_generation(target_relation, sql, refresh) -%}
        {%- else -%}
            {%- set version = clipspark__new_version(target_relation, sql) -%}
            {%- do adapter.show_version(
                target_relation, version, spark__wanted(), spark__known_code(),
                'file_id' if refresh == 'files' else 'search_id'
            ) -%}
        {%- endif -%}
        {{ run_hooks(post_hooks) }}
    {%- endif -%}
    {{ return({'relations': [target_relation]}) }}
{% endmaterialization %}

{#- Writes the recomputed rows, then what they replace, then shows both. Where no pending
    file can change a row, only the files of the table are noted.

    relation: the table
    sql: the model's query, compiled for a partial build
    refresh: `search_ids` or `files` -#}
{% macro spark__add_generation(relation, sql, refresh) %}
    {%- set generation = none -%}
    {%- if spark__pending_that_matter() -%}
        {%- set generation = adapter.new_suffix('g') -%}
        {%- set rows = clipspark__stored(
            relation, adapter.version_of(relation) ~ generation
        ) -%}
        {%- if refresh == 'search_ids' -%}
            {%- do adapter.create_once(affected_search_id(), affected_search_ids()) -%}
        {%- endif -%}
        {#- Adaptive execution plans again after each stage. Here are hundreds of small
            ones, and a plan that takes a second. -#}
        {%- do run_query('set spark.sql.adaptive.enabled = false') -%}
        {%- call statement('main') -%}
            {{ create_table_as(False, rows, sql) }}
        {%- endcall -%}
        {%- do run_query('reset spark.sql.adaptive.enabled') -%}
        {%- do run_query(
            'create table ' ~ clipspark__stored(rows, '__gone') ~ ' using parquet as\n'
            ~ spark__replaced_by(rows, refresh)
        ) -%}
    {%- else -%}
        {%- call noop_statement('main', 'nothing to do', 'nothing to do', 0) -%}
        {%- endcall -%}
    {%- endif -%}
    {%- do adapter.show_generation(
        relation, generation, spark__wanted(), spark__known_code()
    ) -%}
{% endmacro %}

{#- A select of the search_ids and files whose older rows a generation replaces: those
    that `refresh_rows` deletes on the other engines. Affected ids are logged text, which
    may be personal data; the ids of the table's own rows are not.

    rows: the generation's table
    refresh: `search_ids` or `files` -#}
{% macro spark__replaced_by(rows, refresh) -%}
{%- if refresh == 'search_ids' -%}
select distinct
    search_id,
    cast(null as int) as file_id
from {{ this }}
where
    search_id in (
        select search_id from {{ affected_search_id() }}
        union all
        select search_id from {{ rows }}
    )
union all
{% endif -%}
select
    cast(null as string) as search_id,
    file_id
from ({{ spark__file_list(spark__pending_that_matter()) }}) as pending
where log = '{{ config.get('log', '') }}'
{%- endmacro %}

{#- The fingerprint of the code, if it also built all parents of this model. -#}
{% macro spark__known_code() %}
    {%- set fingerprint = code_fingerprint() -%}
    {{ return(
        fingerprint if are_built_by(fingerprint, recorded_parents(model)) else none
    ) }}
{% endmacro %}
