{#- A text with its phone numbers replaced, each seen beside what the one before has become
    (`\G` is where that ended); the rule is written in redact_text.

    expression: a text expression -#}
{% macro spark__redacted_phones(expression) -%}
regexp_replace(
    {{ expression }},
    concat(
        r'(?:\G|(?<![0-9A-Za-z]))',
        r'(?:{{ regex_international_phone() }}(?![0-9A-Za-z])',
        r'|(?<![0-9](?!\G)[.-]){{ regex_national_phone() }}',
        r'(?![0-9A-Za-z])(?![.-][0-9]))'
    ),
    '[phone]'
)
{%- endmacro %}
