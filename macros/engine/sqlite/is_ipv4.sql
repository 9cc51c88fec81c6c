{#- Whether a text is a dot, an IPv4 address (four decimals to 255 without leading
    zeros) and another dot.

    quad: a column -#}
{% macro sqlite__is_ipv4(quad) -%}
{{ quad }} glob '.[0-9]*.[0-9]*.[0-9]*.[0-9]*.'
and {{ quad }} not glob '*[^0-9.]*'
and {{ quad }} not glob '.*.*.*.*.*.'
and {{ quad }} not glob '*[0-9][0-9][0-9][0-9]*'
and {{ quad }} not glob '*.0[0-9]*'
and {{ quad }} not glob '*.[3-9][0-9][0-9].*'
and {{ quad }} not glob '*.2[6-9][0-9].*'
and {{ quad }} not glob '*.25[6-9].*'
{%- endmacro %}
