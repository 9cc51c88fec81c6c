{#- dbt-spark drops the old table before it computes the new one, so a model that fails
    loses it. Here the new one is made aside, then takes the old one's place. -#}
{% materialization table, adapter='clipspark' %}
    {%- set target_relation = this.incorporate(type='table') -%}
    {{ run_hooks(pre_hooks) }}
    {%- do clipspark__replace_table(target_relation, sql) -%}
    {{ run_hooks(post_hooks) }}
    {{ return({'relations': [target_relation]}) }}
{% endmaterialization %}

{#- Makes a table aside and renames it. Between the two last statements there is none: who
    reads at that moment is told so. -#}
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
