{#- A column that SQLite knows no type of stays as it is: cast to the adapter's word for
    it, 'UNKNOWN', every text would become a number ('2020-03-10' the number 2020). -#}
{% macro clipsqlite__safe_cast(field, type) %}
    {%- if type | upper == 'UNKNOWN' -%}
        {{ field }}
    {%- else -%}
        cast({{ field }} as {{ type }})
    {%- endif -%}
{% endmacro %}
