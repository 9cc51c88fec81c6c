{#- The text without the white space around it: space, tab, line feed, vertical tab, form
    feed, carriage return. No other character counts, so that every engine agrees. -#}
{% macro trimmed(value) %}
    {{- return(adapter.dispatch('trimmed', 'clip_search')(value)) -}}
{% endmacro %}

{% macro sqlite__trimmed(value) -%}
trim({{ value }}, char(9, 10, 11, 12, 13, 32))
{%- endmacro %}

{#- White space sorts before all that can be seen; to look for it is far cheaper than to
    trim. -#}
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
