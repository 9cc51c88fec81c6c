{#- A condition: two letters stand for sounds that are easily confused, voiced and
    voiceless ones or the same sound.

    letter, new_letter: one letter each -#}
{% macro sound_alike(letter, new_letter) -%}
({{ letter }} || {{ new_letter }}) in (
    'bp', 'pb', 'dt', 'td', 'fv', 'vf', 'gj', 'jg', 'ck', 'kc', 'cs', 'sc', 'sz', 'zs',
    'mn', 'nm'
)
{%- endmacro %}
