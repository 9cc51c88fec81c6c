{#- Characters as glob patterns and trim() sets, where they can't be written down or
    would be unreadable. SQLite computes such constants once a statement. -#}

{#- The 25 characters of the Unicode property White_Space. -#}
{% macro sqlite__white_space() -%}
char(
    9, 10, 11, 12, 13, 32, 133, 160, 5760, 8192, 8193, 8194, 8195, 8196, 8197, 8198,
    8199, 8200, 8201, 8202, 8232, 8233, 8239, 8287, 12288
)
{%- endmacro %}

{#- What glob takes for a range: all characters beyond ASCII. -#}
{% macro sqlite__beyond_ascii() -%}
char(128, 45, 1114111)
{%- endmacro %}

{#- Quotes, brackets and stops beyond ASCII: part of a sentence, not of an address. -#}
{% macro sqlite__sentence_marks() -%}
'«»“”„‹›…、。〈〉《》「」『』【】！（），：；？'
{%- endmacro %}

{% macro sqlite__ascii_word_characters() -%}
'0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
{%- endmacro %}

{#- Invisible, so it is written as an escape here. -#}
{% macro sqlite__soft_hyphen() -%}
{{ "'\u00ad'" }}
{%- endmacro %}
