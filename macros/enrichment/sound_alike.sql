{#- Whether two letters write sounds that are easily taken for each other: voiced and
    voiceless, or the same sound. A condition.

    letter, new_letter: one letter each -#}
{% macro sound_alike(letter, new_letter) -%}
({{ letter }} || {{ new_letter }}) in (
    'bp', 'pb', 'dt', 'td', 'fv', 'vf', 'gj', 'jg', 'ck', 'kc', 'cs', 'sc', 'sz', 'zs',
    'mn', 'nm'
)
{%- endmacro %}
