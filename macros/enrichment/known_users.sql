{#- How many users know a term: those who typed it. A term of the catalogue counts like
    one that `catalogue_users` typed.

    user_count: the number of users who typed it, or null
    catalogue_term: null if it is not in the catalogue -#}
{% macro known_users(user_count, catalogue_term) -%}
case
            when
                {{ catalogue_term }} is not null
                and coalesce({{ user_count }}, 0) < {{ var('catalogue_users') }}
                then {{ var('catalogue_users') }}
            else coalesce({{ user_count }}, 0)
        end
{%- endmacro %}
