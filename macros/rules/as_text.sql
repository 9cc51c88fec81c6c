{#- A number as text, rounded to an integer.

    number: a numeric expression -#}
{% macro as_text(number) -%}
cast(cast(round({{ number }}) as integer) as {{ dbt.type_string() }})
{%- endmacro %}
