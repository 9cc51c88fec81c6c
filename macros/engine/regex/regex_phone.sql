{#- Phone numbers as regular expressions, for engines that have them; the rule is written
    in redact_text. -#}

{% macro regex_international_phone() -%}
\+\(?[0-9](?:\)? ?(?:[./-] ?)?\(?[0-9]){7,14}
{%- endmacro %}

{% macro regex_national_phone() -%}
(?:(?:(?:00)?1[ .-])?[0-9]{3}[ .-]|(?:(?:00)?1[ .-]?)?\([0-9]{3}\)[ .-]?)[0-9]{3}[ .-][0-9]{4}
{%- endmacro %}
