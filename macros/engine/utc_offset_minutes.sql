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
    when {{ value }} glob '????-??-??[ T]??:??:??.??? [+-]???[0-9]'
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

{% macro duckdb__utc_offset_minutes(value) -%}
{%- set zone -%}
replace(regexp_extract(substr({{ trimmed(value) }}, 20), '[+-][0-9:]+$'), ':', '')
{%- endset -%}
case
    when regexp_full_match(
        {{ value }}, '.{19}(?:\.[0-9]{3} [+-][0-9]{4}|[+-][0-9]{2}:[0-9]{2})'
    )
        then {{ duckdb__minutes(
            "cast(replace(right(" ~ value ~ ", 6), ':', '') as integer)"
        ) }}
    when {{ trimmed(value) }} like '%Z' then 0
    when length({{ zone }}) = 3 then 60 * cast({{ zone }} as integer)
    when length({{ zone }}) = 5
        then {{ duckdb__minutes("cast(" ~ zone ~ " as integer)") }}
end
{%- endmacro %}

{#- The minutes that an offset such as -430 means.

    hhmm: an integer expression -#}
{% macro duckdb__minutes(hhmm) -%}
({{ hhmm }} // 100 * 60 + {{ hhmm }} % 100)
{%- endmacro %}

{% macro spark__utc_offset_minutes(value) -%}
{%- set zone -%}
replace(regexp_extract(substr({{ trimmed(value) }}, 20), r'([+-][0-9:]+)\z', 1), ':', '')
{%- endset -%}
case
    when {{ trimmed(value) }} like '%Z' then 0
    when length({{ value }}) = 29 and {{ value }} rlike r'^.{23} [+-][0-9]{4}\z'
        then 60 * cast(substr({{ value }}, 25, 3) as int)
            + cast(concat(substr({{ value }}, 25, 1), substr({{ value }}, 28)) as int)
    when length({{ value }}) = 25 and {{ value }} rlike r'^.{19}[+-][0-9]{2}:[0-9]{2}\z'
        then 60 * cast(substr({{ value }}, 20, 3) as int)
            + cast(concat(substr({{ value }}, 20, 1), substr({{ value }}, 24)) as int)
    when length({{ zone }}) in (3, 5)
        then 60 * cast(left({{ zone }}, 3) as int) + coalesce(
            try_cast(concat(left({{ zone }}, 1), substr({{ zone }}, 4)) as int), 0
        )
end
{%- endmacro %}
