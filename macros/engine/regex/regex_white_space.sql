{#- The inside of a regular expression's class: the 25 characters of the Unicode property
    White_Space. -#}
{% macro regex_white_space() -%}
\x{9}-\x{d}\x{20}\x{85}\x{a0}\x{1680}\x{2000}-\x{200a}\x{2028}\x{2029}\x{202f}\x{205f}\x{3000}
{%- endmacro %}
