{#- 100 ln(1 + count), rounded to an integer. A count of 0 gives 0 points, and each
    doubling of 1 + count adds 69. Integers, so that a sum of points is the same in any
    order on any engine. -#}
{% macro log_points(count_expression) -%}
cast(round(100 * ln(1 + {{ count_expression }})) as integer)
{%- endmacro %}
