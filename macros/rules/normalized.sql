{#- The normal form of a redacted query. The rule is normalize_query_text in
    clip_search/text_rules. Null stays null. -#}
{% macro normalized(query) -%}
case
    when {{ is_odd_query(query) }}
        then normalize_query_text({{ only_where(is_odd_query(query), query) }})
    else trim(lower({{ query }}))
end
{%- endmacro %}
