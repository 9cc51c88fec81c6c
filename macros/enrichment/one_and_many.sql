{#- A condition: of two words one is the other with an s behind it, as the many are of the
    one. No word that ends in s makes its many so. -#}
{% macro one_and_many(word, other) -%}
(
    ({{ word }} || 's' = {{ other }} and substr({{ word }}, length({{ word }}), 1) <> 's')
    or ({{ other }} || 's' = {{ word }} and substr({{ other }}, length({{ other }}), 1) <> 's')
)
{%- endmacro %}
