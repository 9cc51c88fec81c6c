{#- The inside of a class, the same for patterns of all engines: printable ASCII and letters
    that stay what they are, or fold into others beyond ASCII. Where there is no address,
    they hide nothing. -#}
{% macro plain_characters() -%}
À-Ö -~Ø-Þà-öø-įıА-яぁ-ゖァ-ヺー一-鿕가-힣
{%- endmacro %}
