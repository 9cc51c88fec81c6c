{#- Milliseconds from one standard timestamp to another; negative where the second is the
    earlier. -#}
{% macro milliseconds_between(earlier, later) %}
    {{- return(adapter.dispatch('milliseconds_between', 'clip_search')(earlier, later)) -}}
{% endmacro %}

{% macro sqlite__milliseconds_between(earlier, later) -%}
(
    1000 * (strftime('%s', {{ later }}) - strftime('%s', {{ earlier }}))
    + substr({{ later }}, 21, 3) - substr({{ earlier }}, 21, 3)
)
{%- endmacro %}
