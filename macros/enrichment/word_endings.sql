{#- The suffixes that form new English words, as a list for `in`. -#}
{% macro word_endings() -%}
(
    's', 'es', 'ed', 'er', 'ers', 'est', 'ing', 'ings', 'ly', 'ness', 'less', 'ful',
    'ism', 'ist', 'ists', 'able', 'y', 'ish', 'al', 'ic', 'ize', 'ized', 'like',
    'ment', 'ments', 'ship', 'hood', 'dom', 'ian', 'ians', 'ette', 'ity', 'ive', 'ous'
)
{%- endmacro %}
