{#- The rules that a request may break on its own, as the branches of a `case`, in the
    order of judgement. Only requests that break none of them compete for their
    search_id. -#}
{% macro request_rules() -%}
when is_malformed = 1 then 'malformed_line'
            when search_id is null then 'missing_search_id'
            when cuid is null then 'missing_cuid'
            when search_query is null then 'missing_query'
            when has_placeholder_id = 1 then 'placeholder_id'
            when is_total_unreadable = 1 then 'invalid_total'
            when ts_reject_reason is not null then ts_reject_reason
{%- endmacro %}
