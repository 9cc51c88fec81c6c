{#- A column without a SQLite type is not cast: a cast to the adapter's name for it,
    'UNKNOWN', would turn every text into a number ('2020-03-10' into 2020). -#}
{% macro clipsqlite__safe_cast(field, type) %}
    {%- if type | upper == 'UNKNOWN' -%}
        {{ field }}
    {%- else -%}
        cast({{ field }} as {{ type }})
    {%- endif -%}
{% endmacro %}
