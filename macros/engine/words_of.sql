{#- A query: one row per word of each text of a relation, in columns `word_position` (from
    1) and `word`, beside the columns named. Words are what stands between single spaces;
    the texts hold no other white space, none at their ends, and are not null. -#}
{% macro words_of(relation, text_column, column_names) %}
    {{- return(
        adapter.dispatch('words_of', 'clip_search')(relation, text_column, column_names)
    ) -}}
{% endmacro %}

{#- json_each takes a text apart in C; json_quote makes any text safe for it. -#}
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
