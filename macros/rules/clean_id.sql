{#- An id as the clean tables carry it: null where it is blank, too long, or holds personal
    data (a mail address is nobody's search_id, and redacting it would make one user of
    many).

    value: the logged text -#}
{% macro clean_id(value) -%}
case
    when {{ is_opaque_id(value) }} then {{ value }}
    when {{ is_opaque_id(trimmed(value)) }} then {{ trimmed(value) }}
    when
        {{ trimmed(value) }} <> ''
        and length({{ value }}) <= {{ var('max_value_characters') }}
        and {{ redacted(trimmed(value)) }} = {{ trimmed(value) }}
        then {{ trimmed(value) }}
end
{%- endmacro %}
