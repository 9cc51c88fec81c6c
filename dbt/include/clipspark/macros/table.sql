{#- dbt-spark drops the old table before it computes the new one, so a failing model
    loses it. Here the new one is built under another name and then replaces it. -#}
{% materialization table, adapter='clipspark' %}
    {%- set target_relation = this.incorporate(type='table') -%}
    {{ run_hooks(pre_hooks) }}
    {%- do clipspark__replace_table(target_relation, sql) -%}
    {{ run_hooks(post_hooks) }}
    {{ return({'relations': [target_relation]}) }}
{% endmaterialization %}

{#- Builds a table under another name and renames it. Between the last two statements
    the table does not exist: a query at that moment gets an error. -#}
{% macro clipspark__replace_table(relation, sql) %}
    {%- set aside = relation.incorporate(
        path={'identifier': relation.identifier ~ '__aside'}
    ) -%}
    {%- do run_query('drop table if exists ' ~ aside) -%}
    {%- call statement('main') -%}
        {{ create_table_as(False, aside, sql) }}
    {%- endcall -%}
    {%- do adapter.drop_relation(load_cached_relation(this) or relation) -%}
    {%- do run_query('alter table ' ~ aside ~ ' rename to ' ~ relation) -%}
{% endmacro %}
