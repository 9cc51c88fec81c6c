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
    else utc_offset_minutes({{ only_where(usual_ts ~ ' is null', logged_ts) }})
end
{%- endmacro %}

{#- The arguments of a text rule for times that are not in a usual form. -#}
{% macro _odd_timestamp(read_ts, logged_ts) -%}
{{ only_where(read_ts ~ ' is null', logged_ts) }},
        '{{ var("plausible_from") }}',
        '{{ var("plausible_until") }}'
{%- endmacro %}
