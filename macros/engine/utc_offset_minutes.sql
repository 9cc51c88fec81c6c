{#- The offset from UTC that a logged time names, in minutes: -240 for `-0400`, 0 for `Z`,
    null for epoch times and for texts without a zone. Only meant for times that
    timestamp_reading can read. -#}
{% macro utc_offset_minutes(value) %}
    {{- return(adapter.dispatch('utc_offset_minutes', 'clip_search')(value)) -}}
{% endmacro %}

{#- By position in the two common forms; else what follows the seconds and their fraction
    is the zone. -#}
{% macro sqlite__utc_offset_minutes(value) -%}
{%- set zone -%}
ltrim(substr({{ trimmed(value) }}, 20), '.0123456789 ')
{%- endset -%}
case
    when {{ value }} glob '????-??-??[ T]??:??:??.??? [+-]????'
        then
            substr({{ value }}, 25) / 100 * 60 + substr({{ value }}, 25) % 100
    when {{ value }} glob '????-??-??[ T]??:??:??[+-]??:??'
        then
            (substr({{ value }}, 20, 1) || '1')
            * (60 * substr({{ value }}, 21, 2) + substr({{ value }}, 24, 2))
    when {{ zone }} = 'Z' then 0
    when substr({{ zone }}, 1, 1) in ('+', '-')
        then
            (substr({{ zone }}, 1, 1) || '1') * (
                60 * substr({{ zone }}, 2, 2)
                + substr(replace({{ zone }}, ':', ''), 4, 2)
            )
end
{%- endmacro %}
