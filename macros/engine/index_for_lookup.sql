{#- Statements that help an engine find rows by some columns, and, where unique, keep it
    honest about them; nothing on an engine without indexes. -#}
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

{% macro sqlite__create_index(column_names, is_unique, where) -%}
create {{ 'unique ' if is_unique }}index if not exists
{{ this.identifier }}__{{ column_names | join('__') }}
on {{ this.identifier }} ({{ column_names | join(', ') }})
{%- if where %} where {{ where }}{% endif %}
{%- endmacro %}

{#- DuckDB scans faster than it keeps an index; that keys are unique is a data test. -#}
{% macro duckdb__create_index(column_names, is_unique, where) %}{% endmacro %}

{% macro spark__create_index(column_names, is_unique, where) %}{% endmacro %}
