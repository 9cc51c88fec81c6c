{#- Whether a text is an id that can say nothing about anybody: ASCII letters and digits,
    hyphens and a little punctuation, without white space, '@', ':', '.' or '+', which all
    personal data that is looked for would need. Such ids are taken as they are (sixteen
    digits are an id, not a card); any other is looked through first. -#}
{% macro is_opaque_id(value) %}
    {{- return(adapter.dispatch('is_opaque_id', 'clip_search')(value)) -}}
{% endmacro %}

{#- One range and two look-ups cost half of the same as one class of four ranges. -#}
{% macro sqlite__is_opaque_id(value) -%}
(
    {{ value }} <> ''
    and replace({{ value }}, '-', '') not glob '*[^0-z]*'
    and instr({{ value }}, '@') = 0
    and instr({{ value }}, ':') = 0
)
{%- endmacro %}
