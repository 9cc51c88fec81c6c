{#- A text less all of some ASCII characters: with it, ltrim() and rtrim() take off a run
    of whatever is NOT one of them. No quote may be among them.

    expression: a text expression
    characters: a string, known when the macro is rendered -#}
{% macro sqlite__text_without(expression, characters) -%}
    {%- set remaining = namespace(text=expression) -%}
    {%- for character in characters -%}
        {%- set remaining.text = "replace(" ~ remaining.text ~ ", '" ~ character ~ "', '')"
        -%}
    {%- endfor -%}
    {{- remaining.text -}}
{%- endmacro %}
