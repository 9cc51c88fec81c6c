{#- A SQL literal of a text with backslashes. The text contains no quotes.

    text: the text -#}
{% macro text_literal(text) %}
    {{- return(adapter.dispatch('text_literal', 'clip_search')(text)) -}}
{% endmacro %}

{% macro default__text_literal(text) -%}
'{{ text }}'
{%- endmacro %}

{#- In an ordinary literal, Spark reads a backslash as the start of an escape. -#}
{% macro spark__text_literal(text) -%}
r'{{ text }}'
{%- endmacro %}
