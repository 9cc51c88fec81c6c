{#- A text with its phone numbers replaced, each seen beside what the one before has become
    (`\G` is where that ended); the rule is written in redact_text.

    expression: a text expression -#}
{% macro spark__redacted_phones(expression) -%}
regexp_replace(
    {{ expression }},
    concat(
        r'(?:\G|(?<![0-9A-Za-z]))',
        r'(?:{{ regex_international_phone() }}',
        r'|(?<![0-9](?!\G)[.-]){{ regex_national_phone() }}(?![.-][0-9]))',
        r'(?![0-9A-WYZa-wyz]|[Xx](?![0-9]))'
    ),
    '[phone]'
)
{%- endmacro %}
