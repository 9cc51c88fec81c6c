{#- A hundred times the natural logarithm of one more than a count, as a whole number:
    doublings of a count are 69 points apart, and no points stand for nothing. Whole, so
    that sums of points are the same in any order on any engine. -#}
{% macro log_points(count_expression) -%}
cast(round(100 * ln(1 + {{ count_expression }})) as integer)
{%- endmacro %}
