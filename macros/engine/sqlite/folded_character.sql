{#- Whether the first character of a text folds into something else; the rule is step 2
    of normalize_query_text.

    text_column: a column -#}
{% macro sqlite__is_folded(text_column) -%}
exists (
    select 1
    from {{ ref('unicode_fold') }}
    where code_point = unicode({{ text_column }})
)
{%- endmacro %}

{#- What that character folds into, a soft hyphen where it will vanish.

    text_column: a column whose first character is_folded -#}
{% macro sqlite__folded_character(text_column) -%}
(
    select coalesce(folded, iif(action = 'space', ' ', {{ sqlite__soft_hyphen() }}))
    from {{ ref('unicode_fold') }}
    where code_point = unicode({{ text_column }})
)
{%- endmacro %}
