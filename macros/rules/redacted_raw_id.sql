{#- A raw id as a person may see it: an opaque one as it is (sixteen digits are an id here,
    not a card), any other redacted like text. -#}
{% macro redacted_raw_id(value) -%}
case
    when {{ is_opaque_id(trimmed(value)) }} and length({{ value }}) <= {{ var('max_value_characters') }}
        then {{ value }}
    else {{ redacted_raw_text(value) }}
end
{%- endmacro %}
