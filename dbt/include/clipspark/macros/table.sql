{#- dbt-spark drops the old table before it computes the new one, so a failing model
    loses it, and readers find none. Here a table is a view of its newest version
    (clip_search/engines/spark_generations.py). -#}
{% materialization table, adapter='clipspark' %}
    {%- set target_relation = this.incorporate(type='view') -%}
    {{ run_hooks(pre_hooks) }}
    {%- set version = clipspark__new_version(target_relation, sql) -%}
    {%- do adapter.show_version(target_relation, version) -%}
    {{ run_hooks(post_hooks) }}
    {{ return({'relations': [target_relation]}) }}
{% endmaterialization %}

{#- Builds a new version next to the old one; returns its suffix. The caller points the
    view to it in one step. The version before stays until the next build: queries that
    have begun may still read its files. -#}
{% macro clipspark__new_version(relation, sql) %}
    {%- set version = adapter.new_suffix('v') -%}
    {%- call statement('main') -%}
        {{ create_table_as(False, clipspark__stored(relation, version), sql) }}
    {%- endcall -%}
    {#- Once, after an update: tables used to be built under their own names. -#}
    {%- set old_relation = load_cached_relation(this) -%}
    {%- if old_relation is not none and old_relation.is_table -%}
        {%- do adapter.drop_relation(old_relation) -%}
    {%- endif -%}
    {{ return(version) }}
{% endmacro %}

{#- A stored table of a relation. -#}
{% macro clipspark__stored(relation, suffix) %}
    {{ return(relation.incorporate(
        path={'identifier': relation.identifier ~ suffix}, type='table'
    )) }}
{% endmacro %}
