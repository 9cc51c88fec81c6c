{#- A non-negative number as text of a fixed width, so that the texts sort like the
    numbers. -#}
{% macro zero_padded(number, width) %}
    {{- return(adapter.dispatch('zero_padded', 'clip_search')(number, width)) -}}
{% endmacro %}

{% macro sqlite__zero_padded(number, width) -%}
printf('%0{{ width }}d', {{ number }})
{%- endmacro %}

{% macro duckdb__zero_padded(number, width) -%}
lpad(cast({{ number }} as varchar), {{ width }}, '0')
{%- endmacro %}

{% macro spark__zero_padded(number, width) -%}
lpad(cast({{ number }} as string), {{ width }}, '0')
{%- endmacro %}
