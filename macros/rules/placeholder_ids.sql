{#- A query: the texts that programs log in place of an id, and the columns that they stand
    in. A dbt seed cannot contain the word null. -#}
{% macro placeholder_ids() -%}
select
        coalesce(id, 'null') as id,
        is_no_search_id,
        is_no_cuid,
        is_no_cid
    from {{ ref('placeholder_id') }}
{%- endmacro %}
