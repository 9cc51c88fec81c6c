{#- The argument of a text rule that is called only if a condition holds: the value.
    Some engines call a Python function for every row, even inside a `case`. On those,
    the argument is null if the condition does not hold, because functions skip null.

    condition: the condition of the `case` around the call
    value: a text expression -#}
{% macro only_where(condition, value) %}
    {{- return(adapter.dispatch('only_where', 'clip_search')(condition, value)) -}}
{% endmacro %}

{% macro default__only_where(condition, value) -%}
{{ value }}
{%- endmacro %}

{% macro spark__only_where(condition, value) -%}
case when {{ condition }} then {{ value }} end
{%- endmacro %}
