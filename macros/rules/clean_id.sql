{#- An id as it appears in the clean tables: null if it is blank, too long, or contains
    personal data. (An e-mail address is not a valid search_id, and redacting ids would
    merge many users into one.) The rule is redact_id in clip_search/text_rules.

    value: the logged text -#}
{% macro clean_id(value) -%}
case
    when {{ is_opaque_id(value) }} then {{ value }}
    when {{ is_opaque_id(trimmed(value)) }} then {{ trimmed(value) }}
    when
        {{ trimmed(value) }} <> ''
        and length({{ value }}) <= {{ var('max_value_characters') }}
        and {{ redacted_id(trimmed(value)) }} = {{ trimmed(value) }}
        then {{ trimmed(value) }}
end
{%- endmacro %}
