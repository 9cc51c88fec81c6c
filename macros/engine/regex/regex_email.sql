{#- The parts of an e-mail address as regular expressions, for engines that have them; the
    rule is written in redact_text. -#}

{#- The inside of a class: what ends a local part. Quotes, brackets and stops beyond ASCII
    are part of a sentence, not of an address. -#}
{% macro regex_email_stop() -%}
{{ regex_white_space() }},;:<>()\[\]"\\/|@«»“”„‹›…、。〈〉《》「」『』【】！（），：；？
{%- endmacro %}

{#- The inside of a class: what no label of a domain holds, hyphens included. -#}
{% macro regex_no_label() -%}
\x{0}-/:-@\[-`{-\x{7f}‘’{{ regex_email_stop() }}
{%- endmacro %}

{#- A domain, from its first label to its last. What follows it must be no letter of a
    label. -#}
{% macro regex_domain() -%}
{%- set letter = '[^' ~ regex_no_label() ~ ']' -%}
{%- set letter_or_hyphen = '(?:' ~ letter ~ '|-)' -%}
{%- set no_digit = '[^0-9' ~ regex_no_label() ~ ']' -%}
(?:{{ letter }}(?:{{ letter_or_hyphen }}*{{ letter }})?\.)+(?:(?i:xn--){{ letter_or_hyphen }}*{{ letter }}|{{ no_digit }}(?:{{ no_digit }}|-)*{{ no_digit }})
{%- endmacro %}
