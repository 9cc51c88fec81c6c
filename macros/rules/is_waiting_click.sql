{#- Whether a click waits: it is an orphan, and no clean search was logged in its UTC
    hour, so the searches of that hour have not arrived. This is not a column, because
    it depends on searches with other search_ids, and an increment judges a click again
    only when its own search_id is affected.

    requests: the checked requests -#}
{% macro is_waiting_click(requests) -%}
reject_reason = 'orphan_click'
        and substr(ts, 1, 13) not in (
            select substr(ts, 1, 13)
            from {{ requests }}
            where outcome = 'clean'
        )
{%- endmacro %}
