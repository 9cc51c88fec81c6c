{#- A list as text: its elements with `;` between them. A JSON list becomes one, without
    its nulls; any other text is one already, and only trimmed. Null without any
    element.

    value: the logged text -#}
{% macro text_list(value) %}
    {{- return(adapter.dispatch('text_list', 'clip_search')(value)) -}}
{% endmacro %}

{% macro sqlite__text_list(value) -%}
case
    when substr({{ trimmed(value) }}, 1, 1) = '[' and json_valid({{ value }})
        then (select group_concat(value, ';') from json_each({{ value }}))
    else nullif({{ trimmed(value) }}, '')
end
{%- endmacro %}

{% macro duckdb__text_list(value) -%}
case
    when substr({{ trimmed(value) }}, 1, 1) = '[' and json_valid({{ value }})
        then nullif(array_to_string(from_json({{ value }}, '["VARCHAR"]'), ';'), '')
    else nullif({{ trimmed(value) }}, '')
end
{%- endmacro %}

{% macro spark__text_list(value) -%}
{%- set elements = "from_json(" ~ value ~ ", 'array<string>', map('allowSingleQuotes', 'false'))" -%}
case
    when substr({{ trimmed(value) }}, 1, 1) = '[' and {{ elements }} is not null
        then nullif(concat_ws(';', {{ elements }}), '')
    else nullif({{ trimmed(value) }}, '')
end
{%- endmacro %}
