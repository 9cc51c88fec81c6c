{#- Whether a click waits: it is an orphan, and no clean search was logged on its UTC
    day, so the searches of that day have not arrived. The unit is a day, because an
    hour without searches is normal on a small site, and reject_share_fail is a share of
    the whole log, in which a late hour of a day with searches is small. This is not a
    column, because it depends on searches with other search_ids, and an increment
    judges a click again only when its own search_id is affected.

    requests: the checked requests -#}
{% macro is_waiting_click(requests) -%}
reject_reason = 'orphan_click'
        and substr(ts, 1, 10) not in (
            select substr(ts, 1, 10)
            from {{ requests }}
            where outcome = 'clean'
        )
{%- endmacro %}
