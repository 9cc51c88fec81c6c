{#- The rules that any result in a log may break on its own, clicked or shown, as the
    branches of a `case`, in the order of judgement.

    relation: the name of the relation that the columns come from, if several are
        joined -#}
{% macro result_rules(relation=none) -%}
{%- set of = relation ~ '.' if relation else '' -%}
when {{ of }}is_malformed = 1 then 'malformed_line'
            when {{ of }}search_id is null then 'missing_search_id'
            when {{ of }}cid is null then 'missing_cid'
            when {{ of }}has_placeholder_id = 1 then 'placeholder_id'
            when {{ of }}position is null then 'invalid_position'
            when {{ of }}position < 1 then 'position_below_one'
{%- endmacro %}
