{#- Deletes the ids of unloaded rows that no table of the project contains any more: an
    id is logged text, and may be an e-mail address. Runs after every dbt command, and
    does nothing for one that only reads tables. -#}
{% macro forget_unloaded_ids() %}
    {%- if
        execute
        and keeps_rows()
        and flags.WHICH not in ('generate', 'compile', 'show', 'test')
    -%}
        {%- set model_names = graph.nodes.values()
            | selectattr('resource_type', 'equalto', 'model')
            | map(attribute='name') | join("', '") -%}
        {%- set let_go -%}
from unloaded_search_id
where not exists (
    select 1
    from built_file
    where
        built_file.log = unloaded_search_id.log
        and built_file.file_id = unloaded_search_id.file_id
        and built_file.model_name in ('{{ model_names }}')
)
        {%- endset -%}
        {%- if run_query('select count(*) ' ~ let_go).rows[0][0] | int > 0 -%}
            {%- do write_statement('delete ' ~ let_go) -%}
            {%- do adapter.commit() -%}
        {%- endif -%}
    {%- endif -%}
{% endmacro %}
