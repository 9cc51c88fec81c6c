{#- A statement that helps an engine find the landed rows of a search_id, by its trimmed
    text; nothing on an engine without indexes. The loader drops the index before it loads
    more than is there, since making it anew is faster then.

    landed: the name of a landing table -#}
{% macro index_for_search_id(landed) %}
    {{- return(adapter.dispatch('index_for_search_id', 'clip_search')(landed)) -}}
{% endmacro %}

{% macro sqlite__index_for_search_id(landed) -%}
create index if not exists {{ landed }}__search_id
on {{ landed }} ({{ trimmed('search_id') }})
{%- endmacro %}

{% macro duckdb__index_for_search_id(landed) %}{% endmacro %}

{% macro spark__index_for_search_id(landed) %}{% endmacro %}
