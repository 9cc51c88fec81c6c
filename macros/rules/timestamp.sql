{#- How a logged time is parsed. The engine parses the usual forms (usual_timestamp);
    read_timestamp in clip_search/text_rules parses all others, and also gives the
    reason if a time is rejected.

    usual_ts: the column with the result of usual_timestamp
    ts: the column with the result of utc_timestamp
    logged_ts: the logged text -#}
{% macro utc_timestamp(usual_ts, logged_ts) -%}
case
    when {{ usual_ts }} is not null then {{ usual_ts }}
    else read_timestamp({{ _odd_timestamp(usual_ts, logged_ts) }})
end
{%- endmacro %}

{% macro timestamp_reject_reason(ts, logged_ts) -%}
case
    when {{ ts }} is not null then null
    when {{ logged_ts }} is null then 'timestamp_unreadable'
    else timestamp_reject_reason({{ _odd_timestamp(ts, logged_ts) }})
end
{%- endmacro %}

{% macro offset_minutes(usual_ts, logged_ts) -%}
case
    when {{ usual_ts }} is not null then {{ usual_offset_minutes(logged_ts) }}
    else utc_offset_minutes(
        {{ only_where(usual_ts ~ ' is null', logged_ts) }}, '{{ var("assume_zone") }}'
    )
end
{%- endmacro %}

{#- 1 if the zone of a time that was read is not in the log but assumed, else 0.

    usual_ts: the column with the result of usual_timestamp
    ts: the column with the result of utc_timestamp
    logged_ts: the logged text -#}
{% macro is_zone_assumed(usual_ts, ts, logged_ts) -%}
{%- set is_odd = usual_ts ~ ' is null and ' ~ ts ~ ' is not null' -%}
{%- if var('assume_zone') -%}
case
    when {{ is_odd }}
        then zone_is_assumed(
            {{ only_where(is_odd, logged_ts) }}, '{{ var("assume_zone") }}'
        )
    else 0
end
{%- else -%}
0
{%- endif -%}
{%- endmacro %}

{#- Stops the run if the var assume_zone is not a zone. Only a value of harmless
    characters becomes part of SQL. -#}
{% macro check_assumed_zone() %}
    {%- set zone = var('assume_zone') | string -%}
    {%- if execute and zone -%}
        {%- set is_harmless = modules.re.fullmatch('[-+:/_0-9A-Za-z]+', zone) -%}
        {%- set asked = "select zone_can_be_assumed('" ~ zone ~ "') as is_zone" -%}
        {%- if not is_harmless or run_query(asked).rows[0][0] | int != 1 -%}
            {{- exceptions.raise_compiler_error(
                "assume_zone: '" ~ zone ~ "' is no time zone. Use a name of IANA such as "
                ~ "Europe/Berlin or an offset such as +01:00, in quotes."
            ) -}}
        {%- endif -%}
    {%- endif -%}
{% endmacro %}

{#- The arguments of a text rule for times that are not in a usual form. -#}
{% macro _odd_timestamp(read_ts, logged_ts) -%}
{{ only_where(read_ts ~ ' is null', logged_ts) }},
        '{{ var("plausible_from") }}',
        '{{ var("plausible_until") }}',
        '{{ var("assume_zone") }}'
{%- endmacro %}
