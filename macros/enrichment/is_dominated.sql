{#- A condition: a few users made most of the searches for a query, so it reflects them
    and not the site.

    search_count: a column, the searches for the query
    user_count: a column, the users who made them -#}
{% macro is_dominated(search_count, user_count) -%}
{{ search_count }} > {{ var('most_searches_per_user') }} * {{ user_count }}
{%- endmacro %}
