{#- The table of the affected search_ids, while a table is brought up to date. -#}
{% macro affected_search_id() -%}
{{ adapter.dispatch('affected_search_id', 'clip_search')() }}
{%- endmacro %}

{% macro default__affected_search_id() -%}
affected_search_id
{%- endmacro %}

{#- Models with the same pending files share it. -#}
{% macro spark__affected_search_id() -%}
{{ this.incorporate(
    path={'identifier': adapter.affected_name(logs_that_matter(), spark__pending_that_matter())},
    type='table'
) }}
{%- endmacro %}
