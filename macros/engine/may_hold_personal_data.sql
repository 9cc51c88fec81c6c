{#- Whether `redact_text` or `redact_id` may change a text. Null stays null. A text in
    pure ASCII needs an at sign, an escape, a colon or four digits to contain personal
    data. The escapes begin with `%`, a backslash or `&`. -#}
{% macro may_hold_personal_data(value) %}
    {{- return(adapter.dispatch('may_hold_personal_data', 'clip_search')(value)) -}}
{% endmacro %}

{#- The class contains all printable ASCII characters except `%`, `:`, `@` and `\`. -#}
{% macro sqlite__may_hold_personal_data(value) -%}
(
    {{ value }} glob '*[^] -$&-9;-?A-[^-~]*'
    or {{ value }} glob '*[0-9]*[0-9]*[0-9]*[0-9]*'
    or {{ value }} glob '*&[#acpACP]*'
)
{%- endmacro %}

{% macro duckdb__may_hold_personal_data(value) -%}
regexp_matches({{ value }}, '[^ -~]|[%:@\\]|&[#acpACP]|(?:[0-9][^0-9]*){4}')
{%- endmacro %}

{#- Java matches listed characters ten times as fast as a range. -#}
{% macro spark__may_hold_personal_data(value) -%}
(
    octet_length({{ value }}) <> length({{ value }})
    or {{ value }} rlike r'[%:@\\{{ spark__control_characters() }}]|&[#acpACP]|(?:[0123456789][^0-9]*+){4}'
)
{%- endmacro %}
