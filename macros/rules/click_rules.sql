{#- The rules that a click may break on its own, as the branches of a `case`, in the order
    of judgement. Only clicks that break none of them are evidence for a request. -#}
{% macro click_rules() -%}
when is_malformed = 1 then 'malformed_line'
            when search_id is null then 'missing_search_id'
            when cid is null then 'missing_cid'
            when has_placeholder_id = 1 then 'placeholder_id'
            when position is null then 'invalid_position'
            when position < 1 then 'position_below_one'
            when ts_reject_reason is not null then ts_reject_reason
{%- endmacro %}
