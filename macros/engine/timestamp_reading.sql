{#- Reads a logged time: the standard text `2020-03-10T13:24:31.000Z` (UTC, always 24
    characters), or the name of the reject rule that says why there is none.

    One value rather than two columns, because reading a time is the dearest step of a
    row and SQLite computes an expression again for each column that names it. Standard
    texts start with a digit and sort before every rule's name: `< 'a'` tells them apart.

    Read are (docs/cleaning-rules.md has examples of each):
    - `YYYY-MM-DD`, `T` or one space, `HH:MM:SS`, no fraction or one of 1-9 digits (cut to
      milliseconds, never rounded), then, after an optional space, `Z`, `+HH`, `+HHMM` or
      `+HH:MM`, from -12:00 to +14:00;
    - epoch seconds (exactly 10 digits) and milliseconds (exactly 13);
    each inside the plausible window.

    value: a text expression; it is trimmed, and may be null -#}
{% macro timestamp_reading(value) %}
    {{- return(adapter.dispatch('timestamp_reading', 'clip_search')(value)) -}}
{% endmacro %}

{#- The forms that nearly all rows have are told apart by length and read by position; what
    is odd in any way (29 February, an hour 24, an offset of twelve hours, the first and
    last year of the window) is left null here and read the careful way. The patterns only
    fix where the parts stand: strftime is strict about their digits, and a pattern of
    character classes would cost more than it. -#}
{% macro sqlite__timestamp_reading(value) %}
{%- set is_plain_moment -%}
{{ value }} > '{{ var("plausible_from")[:4] }}-99'
                and {{ value }} < '{{ var("plausible_until")[:4] | int - 1 }}'
                and substr({{ value }}, 12, 2) < '24'
                and (
                    substr({{ value }}, 9, 2) < '29'
                    or substr({{ value }}, 6, 5) in (
                        '01-29', '03-29', '04-29', '05-29', '06-29', '07-29', '08-29',
                        '09-29', '10-29', '11-29', '12-29', '01-30', '03-30', '04-30',
                        '05-30', '06-30', '07-30', '08-30', '09-30', '10-30', '11-30',
                        '12-30', '01-31', '03-31', '05-31', '07-31', '08-31', '10-31',
                        '12-31'
                    )
                )
{%- endset -%}
coalesce(
    case length({{ value }})
        when 29 then case
            when
                {{ value }} glob
                '????-??-??[ T]??:??:??.[0-9][0-9][0-9] [+-]????'
                and substr({{ value }}, 26, 2) < '12'
                and {{ is_plain_moment }}
                then strftime(
                    '%Y-%m-%dT%H:%M:%S.',
                    substr({{ value }}, 1, 27) || ':' || substr({{ value }}, 28)
                ) || substr({{ value }}, 21, 3) || 'Z'
        end
        when 25 then case
            when
                {{ value }} glob '????-??-??[ T]??:??:??[+-]??:??'
                and substr({{ value }}, 21, 2) < '12'
                and {{ is_plain_moment }}
                then strftime('%Y-%m-%dT%H:%M:%S.000Z', {{ value }})
        end
        when 24 then case
            when
                {{ value }} glob '????-??-??[ T]??:??:??.[0-9][0-9][0-9]Z'
                and {{ is_plain_moment }}
                then strftime('%Y-%m-%dT%H:%M:%S', substr({{ value }}, 1, 19))
                || substr({{ value }}, 20)
        end
        when 20 then case
            when {{ value }} glob '????-??-??[ T]??:??:??Z' and {{ is_plain_moment }}
                then strftime('%Y-%m-%dT%H:%M:%S.000Z', substr({{ value }}, 1, 19))
        end
    end,
    {{ sqlite__careful_timestamp_reading(value) }}
)
{%- endmacro %}

{#- Reads every accepted form, and says of every other text what is wrong with it. -#}
{% macro sqlite__careful_timestamp_reading(value) %}
(
    with logged as (
        select {{ trimmed(value) }} as logged_text
    ),

    parted as (
        select
            logged_text,
            substr(logged_text, 20) as tail,
            case
                when substr(logged_text, 20) glob '.[0-9]*'
                    then ltrim(substr(logged_text, 21), '0123456789')
                else substr(logged_text, 20)
            end as zone_as_written
        from logged
    ),

    fields as materialized (
        select
            logged_text,
            substr(logged_text, 1, 10) as day_text,
            substr(logged_text, 12, 8) as clock_text,
            replace(substr(tail, 1, length(tail) - length(zone_as_written)), '.', '')
                as fraction,
            case
                when zone_as_written glob ' ?*' then substr(zone_as_written, 2)
                else zone_as_written
            end as zone
        from parted
    ),

    offsets as materialized (
        select
            logged_text,
            day_text,
            clock_text,
            fraction,
            zone,
            cast(substr(replace(zone, ':', ''), 4, 2) as integer) as offset_minute_part,
            case when substr(zone, 1, 1) = '-' then -1 else 1 end * (
                60 * cast(substr(zone, 2, 2) as integer)
                + cast(substr(replace(zone, ':', ''), 4, 2) as integer)
            ) as offset_minutes
        from fields
    ),

    judged as materialized (
        select
            case
                when
                    logged_text not glob '*[^0-9]*'
                    and length(logged_text) in (10, 13)
                    then strftime(
                        '%Y-%m-%dT%H:%M:%S.',
                        cast(substr(logged_text, 1, 10) as integer),
                        'unixepoch'
                    ) || substr(substr(logged_text, 11) || '000', 1, 3) || 'Z'
                when
                    logged_text is null
                    or day_text not glob '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]'
                    or substr(logged_text, 11, 1) not in ('T', ' ')
                    or clock_text not glob '[0-9][0-9]:[0-9][0-9]:[0-9][0-9]'
                    or length(fraction) > 9
                    or not (
                        zone in ('', 'Z')
                        or zone glob '[+-][0-9][0-9]'
                        or zone glob '[+-][0-9][0-9][0-9][0-9]'
                        or zone glob '[+-][0-9][0-9]:[0-9][0-9]'
                    )
                    then 'timestamp_unreadable'
                when
                    coalesce(date(day_text, '+0 days'), '') <> day_text
                    or clock_text > '23:59:59'
                    or substr(clock_text, 4, 2) > '59'
                    or substr(clock_text, 7, 2) > '59'
                    or offset_minutes not between -720 and 840
                    or offset_minute_part > 59
                    then 'timestamp_impossible'
                when zone = '' then 'timestamp_without_zone'
                else
                    -- null past the year 9999, to which a negative offset may lead
                    coalesce(
                        strftime(
                            '%Y-%m-%dT%H:%M:%S.',
                            day_text || 'T' || clock_text,
                            (- offset_minutes) || ' minutes'
                        ) || substr(fraction || '000', 1, 3) || 'Z',
                        'timestamp_out_of_window'
                    )
            end as reading
        from offsets
    )

    select
        case
            when
                reading < '{{ var("plausible_from") }}'
                or (reading >= '{{ var("plausible_until") }}' and reading < 'a')
                then 'timestamp_out_of_window'
            else reading
        end
    from judged
)
{%- endmacro %}

{#- The two usual forms are read by position, all others the careful way. -#}
{% macro duckdb__timestamp_reading(value) -%}
coalesce(
    {{ duckdb__plain_timestamp_reading(value) }},
    {{ duckdb__careful_timestamp_reading(value) }}
)
{%- endmacro %}

{#- The standard text of a time in one of the two usual forms, inside the window; null for
    every other text. -#}
{% macro duckdb__plain_timestamp_reading(value) -%}
{%- set hhmm -%}
try_cast(replace(right({{ value }}, 6), ':', '') as integer)
{%- endset -%}
case
    when {{ duckdb__is_plain_moment(value) }}
        then strftime(
            try_cast(substr({{ value }}, 1, 19) as timestamp)
            - to_minutes({{ duckdb__minutes(hhmm) }}),
            '%Y-%m-%dT%H:%M:%S.'
        ) || case strlen({{ value }}) when 29 then substr({{ value }}, 21, 3) else '000' end
        || 'Z'
end
{%- endmacro %}

{#- Whether a text is a time in one of the two usual forms, on a day that there is in every
    year, well inside the window. -#}
{% macro duckdb__is_plain_moment(value) -%}
(
    {{ value }} > '{{ var("plausible_from")[:4] }}-99'
    and {{ value }} < '{{ var("plausible_until")[:4] | int - 1 }}'
    and regexp_full_match(
        {{ value }},
        '[0-9]{4}-(?:(?:0[1-9]|1[0-2])-(?:0[1-9]|1[0-9]|2[0-8])'
        || '|(?:0[13-9]|1[0-2])-(?:29|30)|(?:0[13578]|1[02])-31)'
        || '[ T](?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]'
        || '(?:\.[0-9]{3} [+-](?:0[0-9]|1[01])[0-5][0-9]'
        || '|[+-](?:0[0-9]|1[01]):[0-5][0-9])'
    )
)
{%- endmacro %}

{#- Reads every accepted form, and says of every other text what is wrong with it. -#}
{% macro duckdb__careful_timestamp_reading(value) -%}
list_transform(
    list_transform(
        list_transform(
            [{{ trimmed(value) }}],
            lambda logged: {
                'logged': logged,
                'parts': regexp_extract(
                    logged,
                    '^([0-9]{4}-[0-9]{2}-[0-9]{2})[ T]([0-9]{2}:[0-9]{2}:[0-9]{2})'
                    || '(?:\.([0-9]{1,9}))?'
                    || '(?: ?(Z|([+-])([0-9]{2})(?::?([0-9]{2}))?))?$',
                    ['day', 'clock', 'fraction', 'zone', 'sign', 'hours', 'minutes']
                )
            }
        ),
        lambda fields: case
            when regexp_full_match(fields.logged, '[0-9]{10}(?:[0-9]{3})?')
                then strftime(
                    make_timestamp(cast(left(fields.logged, 10) as bigint) * 1000000),
                    '%Y-%m-%dT%H:%M:%S.'
                ) || rpad(substr(fields.logged, 11), 3, '0') || 'Z'
            when coalesce(fields.parts.day, '') = '' then 'timestamp_unreadable'
            when
                fields.parts.clock > '23:59:59'
                or try_cast(
                    fields.parts.day || ' ' || fields.parts.clock as timestamp
                ) is null
                or fields.parts.minutes > '59'
                or fields.parts.sign || fields.parts.hours || fields.parts.minutes
                between '+1401' and '+99'
                or fields.parts.sign || fields.parts.hours || fields.parts.minutes
                > '-1200'
                then 'timestamp_impossible'
            when fields.parts.zone = '' then 'timestamp_without_zone'
            else strftime(
                cast(fields.parts.day || ' ' || fields.parts.clock as timestamp)
                - to_minutes({{ duckdb__minutes(
                    "cast('0' || fields.parts.hours || rpad(fields.parts.minutes, "
                    ~ "case fields.parts.zone when 'Z' then 0 else 2 end, '0') "
                    ~ "as integer)"
                ) }} * case fields.parts.sign when '-' then -1 else 1 end),
                '%Y-%m-%dT%H:%M:%S.'
            ) || rpad(left(fields.parts.fraction, 3), 3, '0') || 'Z'
        end
    ),
    lambda reading: case
        when
            reading < '{{ var("plausible_from") }}'
            or (reading >= '{{ var("plausible_until") }}' and reading < 'a')
            then 'timestamp_out_of_window'
        else reading
    end
)[1]
{%- endmacro %}

{#- Times are read as those of no zone (timestamp_ntz) and the offset taken off, so that the
    zone of the session says nothing. The two usual forms are read by position. -#}
{% macro spark__timestamp_reading(value) -%}
{%- set is_plain_moment -%}
{{ value }} > '{{ var("plausible_from")[:4] }}-99'
            and {{ value }} < '{{ var("plausible_until")[:4] | int - 1 }}'
            and substr({{ value }}, 12, 2) < '24'
{%- endset -%}
coalesce(
    case
        when
            {{ value }} rlike
            r'^[0-9]{4}-[0-9]{2}-[0-9]{2}[ T][0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{3} [+-](?:0[0-9]|1[01])[0-5][0-9]\z'
            and {{ is_plain_moment }}
            then concat(
                {{ spark__moment(
                    'substr(' ~ value ~ ', 1, 19)',
                    'cast(substr(' ~ value ~ ', 25, 3) as int)',
                    'cast(concat(substr(' ~ value ~ ', 25, 1), substr('
                    ~ value ~ ', 28)) as int)'
                ) }},
                '.', substr({{ value }}, 21, 3), 'Z'
            )
        when
            {{ value }} rlike
            r'^[0-9]{4}-[0-9]{2}-[0-9]{2}[ T][0-9]{2}:[0-9]{2}:[0-9]{2}[+-](?:0[0-9]|1[01]):[0-5][0-9]\z'
            and {{ is_plain_moment }}
            then concat(
                {{ spark__moment(
                    'substr(' ~ value ~ ', 1, 19)',
                    'cast(substr(' ~ value ~ ', 20, 3) as int)',
                    'cast(concat(substr(' ~ value ~ ', 20, 1), substr('
                    ~ value ~ ', 24)) as int)'
                ) }},
                '.000Z'
            )
    end,
    {{ spark__careful_timestamp_reading(value) }}
)
{%- endmacro %}

{#- The standard text of a local time less its offset, up to the seconds; null where there
    is no such time.

    local_time: a text expression
    hours: an integer expression, the offset's, with its sign
    minutes: an integer expression, the offset's, with the same sign -#}
{% macro spark__moment(local_time, hours, minutes) -%}
replace(
    cast(
        timestampadd(
            minute,
            -(60 * {{ hours }} + {{ minutes }}),
            try_cast({{ local_time }} as timestamp_ntz)
        ) as string
    ),
    ' ',
    'T'
)
{%- endmacro %}

{#- Reads every accepted form, and says of every other text what is wrong with it. -#}
{% macro spark__careful_timestamp_reading(value) -%}
{%- set pattern -%}
r'^([0-9]{4}-[0-9]{2}-[0-9]{2})[ T]([0-9]{2}:[0-9]{2}:[0-9]{2})(?:\.([0-9]{1,9}))?(?: ?(Z|([+-])([0-9]{2})(?::?([0-9]{2}))?))?\z'
{%- endset -%}
{%- set offset = 'concat(parts.sign, parts.hours, parts.minutes)' -%}
{%- set reading -%}
case
    when logged rlike r'^[0-9]{10}(?:[0-9]{3})?\z'
        then concat(
            replace(
                cast(
                    timestampadd(
                        second,
                        cast(left(logged, 10) as bigint),
                        timestamp_ntz '1970-01-01 00:00:00'
                    ) as string
                ),
                ' ',
                'T'
            ),
            '.', rpad(substr(logged, 11), 3, '0'), 'Z'
        )
    when coalesce(parts.day, '') = '' then 'timestamp_unreadable'
    when
        parts.clock > '23:59:59'
        or try_cast(concat(parts.day, ' ', parts.clock) as timestamp_ntz) is null
        or parts.minutes > '59'
        or {{ offset }} between '+1401' and '+99'
        or {{ offset }} > '-1200'
        then 'timestamp_impossible'
    when parts.zone = '' then 'timestamp_without_zone'
    else concat(
        {{ spark__moment(
            "concat(parts.day, ' ', parts.clock)",
            "coalesce(try_cast(concat(parts.sign, parts.hours) as int), 0)",
            "coalesce(try_cast(concat(parts.sign, parts.minutes) as int), 0)"
        ) }},
        '.', rpad(left(parts.fraction, 3), 3, '0'), 'Z'
    )
end
{%- endset -%}
{%- set window -%}
case
    when
        reading < '{{ var("plausible_from") }}'
        or (reading >= '{{ var("plausible_until") }}' and reading < 'a')
        then 'timestamp_out_of_window'
    else reading
end
{%- endset -%}
{%- set parts -%}
struct(
    {%- for name in ['day', 'clock', 'fraction', 'zone', 'sign', 'hours', 'minutes'] %}
    regexp_extract(logged, pattern, {{ loop.index }}) as {{ name }}
    {{- ',' if not loop.last }}
    {%- endfor %}
)
{%- endset -%}
{{ spark__interpreted(
    'logged',
    trimmed(value),
    'pattern',
    pattern,
    spark__bound('parts', parts, spark__bound('reading', reading, window))
) }}
{%- endmacro %}
