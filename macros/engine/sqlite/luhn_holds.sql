{#- Whether the check sum of ISO/IEC 7812-1 holds. A digit d that counts double adds
    d * 2, less 9 from 10 on: its place in '516273849'. The sum is written out because
    that is several times faster than a walk over the digits.

    digits: a column of at most 19 ASCII digits -#}
{% macro sqlite__luhn_holds(digits) -%}
(
    {%- for place in range(1, 20) %}
    {%- set digit = "substr('000000' || " ~ digits ~ ", " ~ (place - 20) ~ ", 1)" %}
    {{ '+ ' if not loop.first }}
    {%- if place % 2 -%}
    cast({{ digit }} as integer)
    {%- else -%}
    instr('516273849', {{ digit }})
    {%- endif %}
    {%- endfor %}
) % 10 = 0
{%- endmacro %}
