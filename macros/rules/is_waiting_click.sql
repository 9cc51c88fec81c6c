{#- Whether a click waits for its search: it is an orphan, and its search may still arrive,
    because the searches that are loaded end less than max_click_delay_seconds after the
    click. This is not a column of the checked clicks, because it depends on searches with
    other search_ids, and an increment judges a click again only when its own search_id
    is affected.

    searches: the clean searches -#}
{% macro is_waiting_click(searches) -%}
{%- set newest_search_at = '(select max(ts) from ' ~ searches ~ ')' -%}
reject_reason = 'orphan_click'
        and coalesce({{ milliseconds_between('ts', newest_search_at) }}, 0)
        < 1000 * {{ var('max_click_delay_seconds') }}
{%- endmacro %}
