{#- Spark's `create or replace view` drops the view first, so readers find none for a
    moment. A view that exists gets another query instead, which is one step. -#}
{% macro clipspark__create_view_as(relation, sql) -%}
    {%- set old_relation = load_cached_relation(relation) -%}
    {%- if old_relation is not none and old_relation.is_view -%}
        {%- if config.get('contract').enforced -%}
            {{ get_assert_columns_equivalent(sql) }}
        {%- endif -%}
        alter view {{ relation }} as
        {{ sql }}
    {%- else -%}
        {{ spark__create_view_as(relation, sql) }}
    {%- endif -%}
{%- endmacro %}
