{#- Whether a text contains only the letters a to z. True for the empty text. -#}
{% macro is_latin_word(text) %}
    {{- return(adapter.dispatch('is_latin_word', 'clip_search')(text)) -}}
{% endmacro %}

{% macro sqlite__is_latin_word(text) -%}
{{ text }} not glob '*[^a-z]*'
{%- endmacro %}

{% macro duckdb__is_latin_word(text) -%}
regexp_full_match({{ text }}, '[a-z]*')
{%- endmacro %}

{% macro spark__is_latin_word(text) -%}
{{ text }} rlike r'^[a-z]*\z'
{%- endmacro %}
