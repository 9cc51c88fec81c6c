{#- Deletes the ids of unloaded rows that no table of the project contains any more: an
    id is logged text, and may be an e-mail address. Runs after every dbt command, and
    does nothing for one that only reads tables. -#}
{% macro forget_unloaded_ids() %}
    {%- if execute and flags.WHICH not in ('generate', 'compile', 'show', 'test') -%}
        {%- set model_names = graph.nodes.values()
            | selectattr('resource_type', 'equalto', 'model')
            | map(attribute='name') | list -%}
        {%- do adapter.dispatch('forget_ids_besides', 'clip_search')(model_names) -%}
    {%- endif -%}
{% endmacro %}

{% macro default__forget_ids_besides(model_names) %}
    {%- set let_go -%}
from unloaded_search_id
where not exists (
    select 1
    from built_file
    where
        built_file.log = unloaded_search_id.log
        and built_file.file_id = unloaded_search_id.file_id
        and built_file.model_name in ('{{ model_names | join("', '") }}')
)
    {%- endset -%}
    {%- if run_query('select count(*) ' ~ let_go).rows[0][0] | int > 0 -%}
        {%- do write_statement('delete ' ~ let_go) -%}
        {%- do adapter.commit() -%}
    {%- endif -%}
{% endmacro %}

{#- The ids that were affected are forgotten too. Also publishes which files the tables contain: only they know it, and `built_file` is
    a copy for those who read it in SQL. One statement writes it, after all threads. -#}
{% macro spark__forget_ids_besides(model_names) %}
    {%- do adapter.drop_affected(target.schema) -%}
    {%- set kept = graph.nodes.values()
        | selectattr('config.materialized', 'equalto', 'kept_up_to_date')
        | map(attribute='name') | select('in', model_names) | list -%}
    {%- set values = [] -%}
    {%- set built = [] -%}
    {%- for name in kept -%}
        {%- for file in adapter.files_of(
            api.Relation.create(schema=target.schema, identifier=name)
        ) -%}
            {%- do built.append(file) -%}
            {%- do values.append("('" ~ file[0] ~ "', " ~ file[1] ~ ", '" ~ name ~ "')") -%}
        {%- endfor -%}
    {%- endfor -%}
    {%- if values -%}
        {%- do run_query('insert overwrite built_file values ' ~ values | join(', ')) -%}
    {%- else -%}
        {%- do empty_table('built_file') -%}
    {%- endif -%}
    {%- for row in run_query('show partitions unloaded_search_id').rows -%}
        {%- set parts = row[0].split('/') -%}
        {%- set log = parts[0].partition('=')[2] -%}
        {%- set file_id = parts[1].partition('=')[2] | int -%}
        {%- if (log, file_id) not in built -%}
            {%- do run_query(
                "alter table unloaded_search_id drop partition (log = '" ~ log
                ~ "', file_id = " ~ file_id ~ ')'
            ) -%}
        {%- endif -%}
    {%- endfor -%}
{% endmacro %}
