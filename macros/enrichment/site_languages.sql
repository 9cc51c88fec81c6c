{#- The languages in which people search, as a list. Each has a seed with its words, such
    as `german_word_list`. -#}
{% macro site_languages() %}
    {{- return(
        env_var('CLIP_SEARCH_LANGUAGES', 'english').replace(' ', '').lower().split(',')
    ) -}}
{% endmacro %}
