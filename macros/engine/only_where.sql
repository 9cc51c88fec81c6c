{#- The argument of a text rule that is called where a condition holds: the value. On an
    engine that calls a Python function for every row, whatever `case` says, null
    elsewhere: functions are not asked about null.

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
