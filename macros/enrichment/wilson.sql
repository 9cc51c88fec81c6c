{#- Wilson's interval of a share, from its middle minus to its middle plus its half width,
    at the level of judgment_z.

    share: a column or expression, the share (0 to 1)
    count: a column, of how many -#}
{% macro wilson_middle(share, count) -%}
{%- set z = var('judgment_z') -%}
({{ share }} + {{ z ** 2 }} / (2 * {{ count }})) / (1 + {{ z ** 2 }} / {{ count }})
{%- endmacro %}

{% macro wilson_half_width(share, count) -%}
{%- set z = var('judgment_z') -%}
{{ z }} / (1 + {{ z ** 2 }} / {{ count }}) * sqrt(
    {{ share }} * (1 - {{ share }}) / {{ count }}
    + {{ z ** 2 }} / (4.0 * {{ count }} * {{ count }})
)
{%- endmacro %}
