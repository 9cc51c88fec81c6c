{#- How far it is to the next digit, `+` or `(`; where the text starts with a character
    beyond ASCII, perhaps only to that.

    text_column: a column -#}
{% macro sqlite__way_to_digits(text_column) -%}
length({{ text_column }}) - length(ltrim(
    {{ text_column }},
    {#- By frequency in English: ltrim() tries them in order. #}
    ' etaoinsrhldcumfgpywbvkxjqz.-,''&:/!?)_"#$%*;<=>@[\]^`{|}~'
    || 'ETAOINSRHLDCUMFGPYWBVKXJQZ'
))
{%- endmacro %}
