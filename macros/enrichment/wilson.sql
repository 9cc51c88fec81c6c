{#- Wilson's interval of a share, from its middle minus to its middle plus its half width,
    at the level of judgment_z.

    Numbers are written with an exponent: Spark takes others for decimals, and keeps six
    digits of a quotient of two.

    share: a column or expression, the share (0 to 1)
    count: a column, of how many -#}
{% macro wilson_middle(share, count) -%}
{%- set z_squared = var('judgment_z') ** 2 ~ 'e0' -%}
(1e0 * {{ share }} + {{ z_squared }} / (2 * {{ count }}))
/ (1 + {{ z_squared }} / {{ count }})
{%- endmacro %}

{% macro wilson_half_width(share, count) -%}
{%- set z = var('judgment_z') ~ 'e0' -%}
{%- set z_squared = var('judgment_z') ** 2 ~ 'e0' -%}
{{ z }} / (1 + {{ z_squared }} / {{ count }}) * sqrt(
    1e0 * {{ share }} * (1 - {{ share }}) / {{ count }}
    + {{ z_squared }} / (4e0 * {{ count }} * {{ count }})
)
{%- endmacro %}
