{#- The kind of a redacted query. The rule is classify_query in clip_search/text_rules.

    query: a text expression that is not null -#}
{% macro kind_of_query(query) -%}
case
    when {{ may_be_special_query(query) }}
        then classify_query({{ only_where(may_be_special_query(query), query) }})
    else 'text'
end
{%- endmacro %}
