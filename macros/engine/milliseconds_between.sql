{#- Milliseconds from one standard timestamp to another. Negative if the second one is
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

{#- Some arguments are not a timestamp but the name of a rule: `try_cast` makes them null. -#}
{% macro duckdb__milliseconds_between(earlier, later) -%}
(
    epoch_ms(try_cast({{ later }} as timestamp))
    - epoch_ms(try_cast({{ earlier }} as timestamp))
)
{%- endmacro %}

{% macro spark__milliseconds_between(earlier, later) -%}
(
    unix_millis(try_cast({{ later }} as timestamp))
    - unix_millis(try_cast({{ earlier }} as timestamp))
)
{%- endmacro %}
