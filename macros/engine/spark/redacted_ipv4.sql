{#- A text with its IPv4 addresses replaced; the rule is written in redact_text.

    expression: a text expression
    version_words: a column, see spark__version_word_table -#}
{% macro spark__redacted_ipv4(expression, version_words) -%}
regexp_replace(
    {{ expression }},
    concat(
        r'(?<![0-9A-Za-z])(?<![0-9]\.)(?=[0-9]{1,3}\.[0-9])',
        r'(?<!(?<![0-9A-Za-z])(?i:', {{ version_words }}, r')[ :=-]{1,2048})',
        r'{{ regex_ipv4() }}(?![0-9A-Za-z])(?!\.[0-9])'
    ),
    '[ip]'
)
{%- endmacro %}
