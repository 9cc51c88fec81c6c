{#- Whether a click comes after its search, and not too late. The clocks of two logs differ,
    so a click may come up to clock_skew_seconds before its search.

    milliseconds: from the search to the click -#}
{% macro comes_after_search(milliseconds) -%}
{{ milliseconds }}
        between -1000 * {{ var('clock_skew_seconds') }}
        and 1000 * {{ var('max_click_delay_seconds') }}
{%- endmacro %}
