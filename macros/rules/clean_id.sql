{#- An id as the clean tables carry it: null where it is blank, too long, or holds personal
    data (a mail address is nobody's search_id, and redacting it would make one user of
    many).

    trimmed_value: the logged text without white space around it
    value: the logged text -#}
{% macro clean_id(trimmed_value, value) -%}
case
    when {{ is_opaque_id(trimmed_value) }} then {{ trimmed_value }}
    when
        {{ trimmed_value }} <> ''
        and length({{ value }}) <= {{ var('max_value_characters') }}
        and {{ redacted(trimmed_value) }} = {{ trimmed_value }}
        then {{ trimmed_value }}
end
{%- endmacro %}
