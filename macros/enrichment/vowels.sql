{#- The vowels, as a list for `in`. -#}
{% macro vowels() -%}
('a', 'e', 'i', 'o', 'u', 'y')
{%- endmacro %}
