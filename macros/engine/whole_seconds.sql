{#- Milliseconds as whole seconds, rounded down: -1 millisecond is -1 second. -#}
{% macro whole_seconds(milliseconds) %}
    {{- return(adapter.dispatch('whole_seconds', 'clip_search')(milliseconds)) -}}
{% endmacro %}

{#- SQLite truncates towards zero. -#}
{% macro sqlite__whole_seconds(milliseconds) -%}
({{ milliseconds }} - (({{ milliseconds }} % 1000) + 1000) % 1000) / 1000
{%- endmacro %}

{% macro duckdb__whole_seconds(milliseconds) -%}
cast(floor({{ milliseconds }} / 1000) as integer)
{%- endmacro %}

{% macro spark__whole_seconds(milliseconds) -%}
cast(floor({{ milliseconds }} / 1000) as int)
{%- endmacro %}
