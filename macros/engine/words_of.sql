{#- A query: one row per word of each text of a relation, with the columns
    `word_position` (from 1), `word` and the given columns. Words are separated by
    single spaces. The texts contain no other white space, none at either end, and are
    not null. -#}
{% macro words_of(relation, text_column, column_names) %}
    {{- return(
        adapter.dispatch('words_of', 'clip_search')(relation, text_column, column_names)
    ) -}}
{% endmacro %}

{#- json_each splits a text in C; json_quote escapes it. -#}
{% macro sqlite__words_of(relation, text_column, column_names) -%}
select
    {%- for name in column_names %}
    {{ relation }}.{{ name }},
    {%- endfor %}
    part.key + 1 as word_position,
    part.value as word
from {{ relation }}
cross join json_each(
    '[' || replace(json_quote({{ relation }}.{{ text_column }}), ' ', '","') || ']'
) as part
{%- endmacro %}

{% macro duckdb__words_of(relation, text_column, column_names) -%}
select
    {%- for name in column_names %}
    {{ name }},
    {%- endfor %}
    generate_subscripts(string_split({{ text_column }}, ' '), 1) as word_position,
    unnest(string_split({{ text_column }}, ' ')) as word
from {{ relation }}
{%- endmacro %}

{% macro spark__words_of(relation, text_column, column_names) -%}
select
    {%- for name in column_names %}
    {{ relation }}.{{ name }},
    {%- endfor %}
    part.position + 1 as word_position,
    part.word
from {{ relation }}
lateral view posexplode(split({{ relation }}.{{ text_column }}, ' ')) part
    as position, word
{%- endmacro %}
