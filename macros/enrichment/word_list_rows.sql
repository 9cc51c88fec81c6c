{#- A query: the rows of the word lists of all languages of the site, with the columns
    `frequency`, `words` and `can_be_part`. A correction may lead to these words.
    English writes most compounds with a space, so its words may be parts of a text
    without spaces (1). Languages that write them without are not taken apart (0). -#}
{% macro word_list_rows() -%}
{%- for language in site_languages() %}
{{ 'union all' if not loop.first }}
select
    frequency,
    words,
    {{ 1 if language == 'english' else 0 }} as can_be_part
from {{ ref(language ~ '_word_list') }}
{%- endfor %}
{%- endmacro %}
