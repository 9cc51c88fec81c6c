{#- The standard form of a logged time that is written in a usual form: the date, `T` or
    a space, the time of day, and then `Z`, `+HH:MM`, milliseconds and `Z`, or
    milliseconds, a space and `+HHMM`. Null for every other text, including times near
    the limits of the plausible window and offsets of twelve hours or more.
    read_timestamp parses those, and everything else that an engine does not parse
    here. -#}
{% macro usual_timestamp(value) %}
    {{- return(adapter.dispatch('usual_timestamp', 'clip_search')(value)) -}}
{% endmacro %}

{#- The forms differ in length. A pattern only checks where the parts are: strftime
    checks their digits strictly, and a pattern for digits would cost more than
    strftime. Only the days that some months lack need a check here. -#}
{% macro sqlite__usual_timestamp(value) -%}
{%- set moment = '????-??-??[ T]??:??:??' -%}
{%- set seconds = "'%Y-%m-%dT%H:%M:%S'" -%}
case
    when
        {{ value }} <= '{{ var("plausible_from")[:4] }}-99'
        or {{ value }} >= '{{ var("plausible_until")[:4] | int - 1 }}'
        or substr({{ value }}, 12, 2) > '23'
        or (
            substr({{ value }}, 9, 2) > '28'
            and substr({{ value }}, 6, 5) not in (
                '01-29', '03-29', '04-29', '05-29', '06-29', '07-29', '08-29', '09-29',
                '10-29', '11-29', '12-29', '01-30', '03-30', '04-30', '05-30', '06-30',
                '07-30', '08-30', '09-30', '10-30', '11-30', '12-30', '01-31', '03-31',
                '05-31', '07-31', '08-31', '10-31', '12-31'
            )
        )
        then null
    when
        length({{ value }}) = 29
        and {{ value }} glob '{{ moment }}.[0-9][0-9][0-9] [+-]????'
        and substr({{ value }}, 26, 2) < '12'
        then strftime(
            {{ seconds }}, substr({{ value }}, 1, 27) || ':' || substr({{ value }}, 28)
        ) || substr({{ value }}, 20, 4) || 'Z'
    when
        length({{ value }}) = 25
        and {{ value }} glob '{{ moment }}[+-]??:??'
        and substr({{ value }}, 21, 2) < '12'
        then strftime({{ seconds }}, {{ value }}) || '.000Z'
    when
        length({{ value }}) = 24
        and {{ value }} glob '{{ moment }}.[0-9][0-9][0-9]Z'
        then strftime({{ seconds }}, substr({{ value }}, 1, 19)) || substr({{ value }}, 20)
    when
        length({{ value }}) = 20
        and {{ value }} glob '{{ moment }}Z'
        then strftime({{ seconds }}, substr({{ value }}, 1, 19)) || '.000Z'
end
{%- endmacro %}

{#- A cast to a timestamp ignores the offset. -#}
{% macro duckdb__usual_timestamp(value) -%}
case
    when
        {{ value }} > '{{ var("plausible_from")[:4] }}-99'
        and {{ value }} < '{{ var("plausible_until")[:4] | int - 1 }}'
        and regexp_full_match(
            {{ value }},
            '[0-9]{4}-(?:(?:0[1-9]|1[0-2])-(?:0[1-9]|1[0-9]|2[0-8])'
            || '|(?:0[13-9]|1[0-2])-(?:29|30)|(?:0[13578]|1[02])-31)'
            || '[ T](?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]'
            || '(?:(?:\.[0-9]{3})?Z|\.[0-9]{3} [+-](?:0[0-9]|1[01])[0-5][0-9]'
            || '|[+-](?:0[0-9]|1[01]):[0-5][0-9])'
        )
        then strftime(
            try_cast({{ value }} as timestamp)
            - to_minutes({{ usual_offset_minutes(value) }}),
            '%Y-%m-%dT%H:%M:%S.%gZ'
        )
end
{%- endmacro %}

{#- Parsed as a time without a zone, so that the session's time zone has no effect. -#}
{% macro spark__usual_timestamp(value) -%}
{%- set form -%}
r'^[0-9]{4}-[0-9]{2}-[0-9]{2}[ T][0-9]{2}:[0-5][0-9]:[0-5][0-9](?:\.[0-9]{3})?(?:Z| [+-](?:0[0-9]|1[01])[0-5][0-9]|[+-](?:0[0-9]|1[01]):[0-5][0-9])\z'
{%- endset -%}
case
    when
        {{ value }} > '{{ var("plausible_from")[:4] }}-99'
        and {{ value }} < '{{ var("plausible_until")[:4] | int - 1 }}'
        and substr({{ value }}, 12, 2) < '24'
        and {{ value }} rlike {{ form }}
        then concat(
            replace(
                cast(
                    timestampadd(
                        minute,
                        -{{ usual_offset_minutes(value) }},
                        try_cast(substr({{ value }}, 1, 19) as timestamp_ntz)
                    ) as string
                ),
                ' ',
                'T'
            ),
            case when substr({{ value }}, 20, 1) = '.' then substr({{ value }}, 20, 4)
                else '.000' end,
            'Z'
        )
end
{%- endmacro %}

{#- The UTC offset of a time in a usual form, in minutes: -240 for `-0400`. -#}
{% macro usual_offset_minutes(value) %}
    {{- return(adapter.dispatch('usual_offset_minutes', 'clip_search')(value)) -}}
{% endmacro %}

{% macro sqlite__usual_offset_minutes(value) -%}
case length({{ value }})
    when 29 then substr({{ value }}, 25) / 100 * 60 + substr({{ value }}, 25) % 100
    when 25
        then (substr({{ value }}, 20, 1) || '1')
            * (60 * substr({{ value }}, 21, 2) + substr({{ value }}, 24, 2))
    else 0
end
{%- endmacro %}

{% macro duckdb__usual_offset_minutes(value) -%}
{%- set hhmm -%}
try_cast(substr({{ value }}, 25) as integer)
{%- endset -%}
case strlen({{ value }})
    when 29 then {{ hhmm }} // 100 * 60 + {{ hhmm }} % 100
    when 25
        then 60 * try_cast(substr({{ value }}, 20, 3) as integer)
            + try_cast(substr({{ value }}, 20, 1) || substr({{ value }}, 24) as integer)
    else 0
end
{%- endmacro %}

{% macro spark__usual_offset_minutes(value) -%}
{%- set hhmm -%}
try_cast(btrim(replace(right({{ value }}, 6), ':', '')) as int)
{%- endset -%}
case
    when right({{ value }}, 1) = 'Z' then 0
    else {{ hhmm }} div 100 * 60 + {{ hhmm }} % 100
end
{%- endmacro %}
