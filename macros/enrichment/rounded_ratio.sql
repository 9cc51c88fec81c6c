{#- One count divided by another, rounded. Adding a ten-millionth avoids exact halves,
    which engines round differently.

    numerator, denominator: counts; the denominator is not 0 -#}
{% macro rounded_ratio(numerator, denominator, digits) -%}
round(1.0 * {{ numerator }} / {{ denominator }} + 0.0000001, {{ digits }})
{%- endmacro %}
