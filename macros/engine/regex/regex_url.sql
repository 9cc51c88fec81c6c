{#- Links as regular expressions, for engines that have them; the rule is written in
    classify_query. Both are for a text without white space around it. -#}

{#- What makes a text a link by its first characters, or inside. Letters are named in both
    cases: a pattern that ignores case takes more than ASCII for them. -#}
{% macro regex_link() -%}
^(?:[Hh][Tt][Tt][Pp][Ss]?|[Ff][Tt][Pp])://|^[Ww][Ww][Ww]\.[^{{ regex_white_space() }}]|(?:^|[^0-9A-Za-z])[Hh][Tt][Tt][Pp][Ss]?://
{%- endmacro %}

{#- A host by name, its last label in a group, and what may follow it. -#}
{% macro regex_host() -%}
{%- set letter = '[^\\x{0}-/:-@\\[-`{-\\x{7f}' ~ regex_white_space() ~ ']' -%}
(?:{{ letter }}(?:(?:{{ letter }}|-)*{{ letter }})?\.)+([^.:/?#]+)(?::[0-9]{1,5})?(?:[/?#][^{{ regex_white_space() }}]*)?
{%- endmacro %}
