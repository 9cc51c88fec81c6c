{#- The words of a title in the normal form of queries: without the punctuation that
    people leave out when they search for it.

    title: the redacted title -#}
{% macro title_words(title) -%}
{%- set without = namespace(text=title) -%}
{%- for mark in [':', ',', ';', '!', '?', '(', ')', '[', ']', '"'] -%}
    {%- set without.text = "replace(" ~ without.text ~ ", '" ~ mark ~ "', ' ')" -%}
{%- endfor -%}
{{ normalized(without.text) }}
{%- endmacro %}
