{#- A dotted quad without leading zeros, as a regular expression. -#}
{% macro regex_ipv4() -%}
(?:(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])\.){3}(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])
{%- endmacro %}
