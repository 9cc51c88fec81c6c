{#- The rules that a click may break on its own, as the branches of a `case`, in the order
    of judgement. Only clicks that break none of them are evidence for a request. -#}
{% macro click_rules() -%}
{{ result_rules() }}
            when ts_reject_reason is not null then ts_reject_reason
{%- endmacro %}
