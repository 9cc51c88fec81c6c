{#- The number of results that a search logged: a whole number, or an object as search
    engines return it (read_found_count in clip_search/text_rules). Null if it is unknown
    or cannot be read.

    value: the logged text -#}
{% macro found_count(value) -%}
{%- set is_object = "substr(" ~ trimmed(value) ~ ", 1, 1) = '{'" -%}
case
    when {{ is_object }} then read_found_count({{ only_where(is_object, value) }})
    else {{ whole_number(value) }}
end
{%- endmacro %}

{#- Whether a log left the number of results open: it is blank, or one of the words that
    programs write for nothing.

    value: the logged text -#}
{% macro is_unknown_count(value) -%}
coalesce(lower({{ trimmed(value) }}), '')
        in (
            '', 'null', 'none', 'nil', 'nan', 'n/a', 'undefined', '-', {{ text_literal('\\n') }}
        )
{%- endmacro %}
