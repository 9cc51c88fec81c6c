{#- The text without leading and trailing white space: space, tab, line feed, vertical
    tab, form feed and carriage return. No other character counts, so that all engines
    agree. -#}
{% macro trimmed(value) %}
    {{- return(adapter.dispatch('trimmed', 'clip_search')(value)) -}}
{% endmacro %}

{% macro sqlite__trimmed(value) -%}
trim({{ value }}, char(9, 10, 11, 12, 13, 32))
{%- endmacro %}

{#- White space sorts before all visible characters. Comparing is far cheaper than
    trimming. -#}
{% macro duckdb__trimmed(value) -%}
case
    when {{ value }} < '!' or {{ value }}[-1] < '!'
        then trim(
            {{ value }},
            chr(9) || chr(10) || chr(11) || chr(12) || chr(13) || chr(32)
        )
    else {{ value }}
end
{%- endmacro %}

{% macro spark__trimmed(value) -%}
btrim({{ value }}, concat(chr(9), chr(10), chr(11), chr(12), chr(13), chr(32)))
{%- endmacro %}
