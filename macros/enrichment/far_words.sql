{#- Which words two typos may lead to, as a dictionary: `least_frequency` in English, and
    `least_letters` and `most_letters` of both words. No vars, because the file of public
    words is shared by all warehouses. -#}
{% macro far_words() %}
    {{- return({'least_frequency': 350, 'least_letters': 7, 'most_letters': 12}) -}}
{% endmacro %}
