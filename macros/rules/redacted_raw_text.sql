{#- A raw value as a person may see it: redacted, cut to the longest text that a value may
    have, null where it is blank. -#}
{% macro redacted_raw_text(value) -%}
case
    when {{ trimmed(value) }} <> ''
        then {{ redact_text('substr(' ~ value ~ ', 1, ' ~ var('max_value_characters') ~ ')') }}
end
{%- endmacro %}
