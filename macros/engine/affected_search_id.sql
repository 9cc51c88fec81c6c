{#- The table of the affected search_ids, while a table is brought up to date. -#}
{% macro affected_search_id() -%}
{{ adapter.dispatch('affected_search_id', 'clip_search')() }}
{%- endmacro %}

{% macro default__affected_search_id() -%}
affected_search_id
{%- endmacro %}

{#- Each model has its own: all of dbt's threads share a session. -#}
{% macro spark__affected_search_id() -%}
{{ clipspark__stored(this, '__affected') }}
{%- endmacro %}
