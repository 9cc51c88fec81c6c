{#- dbt-spark drops the old table before it computes the new one, so a failing model
    loses it, and readers find none. Here a table is a view of its newest version. -#}
{% materialization table, adapter='clipspark' %}
    {%- set target_relation = this.incorporate(type='view') -%}
    {{ run_hooks(pre_hooks) }}
    {%- do clipspark__replace_table(target_relation, sql) -%}
    {{ run_hooks(post_hooks) }}
    {{ return({'relations': [target_relation]}) }}
{% endmaterialization %}

{#- Builds a new version next to the old one, then points the view to it in one step. The
    version before stays until the next build: queries that have begun may still read
    its files. -#}
{% macro clipspark__replace_table(relation, sql) %}
    {%- set built_at = modules.datetime.datetime.utcnow().strftime('%Y%m%d%H%M%S%f') -%}
    {%- set version = relation.incorporate(
        path={'identifier': relation.identifier ~ '__v' ~ built_at}, type='table'
    ) -%}
    {%- call statement('main') -%}
        {{ create_table_as(False, version, sql) }}
    {%- endcall -%}
    {#- Once, after an update: tables used to be built under their own names. -#}
    {%- set old_relation = load_cached_relation(this) -%}
    {%- if old_relation is not none and old_relation.is_table -%}
        {%- do adapter.drop_relation(old_relation) -%}
    {%- endif -%}
    {%- do run_query('create or replace view ' ~ relation ~ ' as select * from ' ~ version) -%}
    {%- for old in clipspark__versions(relation)[:-2] -%}
        {%- do run_query('drop table if exists ' ~ relation.schema ~ '.' ~ old) -%}
    {%- endfor -%}
{% endmacro %}

{#- The names of the tables that are versions of a relation, the oldest first. -#}
{% macro clipspark__versions(relation) %}
    {%- set shown = run_query(
        'show tables in ' ~ relation.schema ~ " like '" ~ relation.identifier ~ "__v2*'"
    ) -%}
    {{ return(shown.columns['tableName'].values() | sort) }}
{% endmacro %}
