{#- The standard timestamp of some hours before now.

    hours: how many -#}
{% macro hours_ago(hours) -%}
{%- set moment = modules.datetime.datetime.now(modules.pytz.utc)
    - modules.datetime.timedelta(hours=hours) -%}
{{ moment.strftime('%Y-%m-%dT%H:%M:%S.000Z') }}
{%- endmacro %}
