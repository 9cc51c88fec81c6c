{#- Non-negative milliseconds as whole seconds, truncated. -#}
{% macro whole_seconds(milliseconds) %}
    {{- return(adapter.dispatch('whole_seconds', 'clip_search')(milliseconds)) -}}
{% endmacro %}

{% macro sqlite__whole_seconds(milliseconds) -%}
{{ milliseconds }} / 1000
{%- endmacro %}

{% macro duckdb__whole_seconds(milliseconds) -%}
cast({{ milliseconds }} // 1000 as integer)
{%- endmacro %}

{% macro spark__whole_seconds(milliseconds) -%}
cast({{ milliseconds }} div 1000 as int)
{%- endmacro %}
