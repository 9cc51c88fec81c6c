{#- A condition: one of two words is the other with an s added, so they look like
    singular and plural. Words that end in s do not form their plural this way. -#}
{% macro one_and_many(word, other) -%}
(
    ({{ word }} || 's' = {{ other }} and substr({{ word }}, length({{ word }}), 1) <> 's')
    or ({{ other }} || 's' = {{ word }} and substr({{ other }}, length({{ other }}), 1) <> 's')
)
{%- endmacro %}
