{#- Statements that create an index on some columns. A unique index also makes the
    engine refuse duplicates. Empty on an engine without indexes. -#}
{% macro index_for_lookup(column_names, where=none) %}
    {{- return(
        adapter.dispatch('create_index', 'clip_search')(column_names, false, where)
    ) -}}
{% endmacro %}

{% macro unique_index(column_names) %}
    {{- return(
        adapter.dispatch('create_index', 'clip_search')(column_names, true, none)
    ) -}}
{% endmacro %}

{#- A hook is written when dbt does not know the schema yet, and rendered again. -#}
{% macro sqlite__create_index(column_names, is_unique, where) -%}
create {{ 'unique ' if is_unique }}index if not exists
{{ this.schema if execute else '{{ this.schema }}' }}.{{ this.identifier }}__{{ column_names | join('__') }}
on {{ this.identifier }} ({{ column_names | join(', ') }})
{%- if where %} where {{ where }}{% endif %}
{%- endmacro %}

{#- In DuckDB a scan is cheaper than maintaining an index. Data tests check that keys
    are unique. -#}
{% macro duckdb__create_index(column_names, is_unique, where) %}{% endmacro %}

{% macro spark__create_index(column_names, is_unique, where) %}{% endmacro %}
