{#- A text with its personal data replaced by placeholders. The rule is redact_text in
    clip_search/text_rules. Null stays null. -#}
{% macro redacted(value) -%}
{%- set is_suspicious = may_hold_personal_data(value) -%}
case
    when {{ is_suspicious }} then redact_text({{ only_where(is_suspicious, value) }})
    else {{ value }}
end
{%- endmacro %}

{#- An id with its personal data replaced by placeholders. The rule is redact_id in
    clip_search/text_rules. Null stays null. -#}
{% macro redacted_id(value) -%}
{%- set is_suspicious = may_hold_personal_data(value) -%}
case
    when {{ is_suspicious }} then redact_id({{ only_where(is_suspicious, value) }})
    else {{ value }}
end
{%- endmacro %}

{#- A raw value that is safe to show: redacted, then cut to the maximum length of a
    value (half an address would not be recognised); null if it is blank. -#}
{% macro redacted_raw_text(value) -%}
case
    when {{ trimmed(value) }} <> ''
        then substr({{ redacted(value) }}, 1, {{ var('max_value_characters') }})
end
{%- endmacro %}

{#- A raw time or number that was read, as logged. Around it may be white space: if any
    of that is a control character, the value is trimmed. -#}
{% macro readable_as_logged(value) -%}
case
    when {{ trimmed(value) }} = trim({{ value }}) then {{ value }}
    else {{ trimmed(value) }}
end
{%- endmacro %}

{#- A raw id that is safe to show: an opaque id as it is (here sixteen digits are an id,
    not a card), any other redacted like an id. -#}
{% macro redacted_raw_id(value) -%}
case
    when
        {{ is_opaque_id(trimmed(value)) }}
        and length({{ value }}) <= {{ var('max_value_characters') }}
        then {{ value }}
    when {{ trimmed(value) }} <> ''
        then substr({{ redacted_id(value) }}, 1, {{ var('max_value_characters') }})
end
{%- endmacro %}
