{#- A condition: a few users made so many of the searches for a query that it says more
    of them than of the site.

    search_count: a column, the searches for the query
    user_count: a column, the users who made them -#}
{% macro is_dominated(search_count, user_count) -%}
{{ search_count }} > {{ var('most_searches_per_user') }} * {{ user_count }}
{%- endmacro %}
