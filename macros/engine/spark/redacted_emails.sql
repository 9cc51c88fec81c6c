{#- A text with its e-mail addresses replaced; the rule is written in redact_text. A
    local part starts where the address before has ended (`\G`), or behind what ends one.

    expression: a text expression -#}
{% macro spark__redacted_emails(expression) -%}
{%- set letter = '[^' ~ regex_no_label() ~ ']' -%}
{%- set letter_or_hyphen = '[' ~ letter ~ '-]' -%}
{%- set no_digit = '[^0-9' ~ regex_no_label() ~ ']' -%}
{%- set no_digit_or_hyphen = '[' ~ no_digit ~ '-]' -%}
regexp_replace(
    {{ expression }},
    concat(
        r'(?:"(?:(?!%40)[^"@])++"|',
        r"(?:\G|(?<=[{{ regex_email_stop() | replace('"', '\\x{22}') }}])|(?<=%40))([.'‘’]*+)",
        r'(?:(?!%40)[^{{ regex_email_stop() }}])++)(?:@|%40)',
        r'(?:{{ letter }}(?:{{ letter_or_hyphen }}*{{ letter }})?\.)+',
        r'(?:(?i:xn--){{ letter_or_hyphen }}*{{ letter }}',
        r'|{{ no_digit }}{{ no_digit_or_hyphen }}*{{ no_digit }})',
        r'(?=[{{ regex_no_label() }}-]|\z)'
    ),
    '$1[email]'
)
{%- endmacro %}
