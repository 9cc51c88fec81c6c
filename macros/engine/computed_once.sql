{#- Written as the last line of a CTE without a `where`, on which several others are built:
    its rows are computed once, and lie together by these columns. Only for an engine that
    shuffles rows between its workers and has to store them for that anyway; the others are
    told by `materialized` and `inlined` whether to store a CTE.

    keys: the columns by which most of the others group and join -#}
{% macro computed_once(keys) %}
    {{- return(adapter.dispatch('computed_once', 'clip_search')(keys)) -}}
{% endmacro %}

{% macro sqlite__computed_once(keys) %}{% endmacro %}

{% macro duckdb__computed_once(keys) %}{% endmacro %}

{#- Spark copies a CTE to each place that names it, unless a random number is part of it; one
    is never below zero. What is then distributed is written to the shuffle files that its
    readers need anyway. -#}
{% macro spark__computed_once(keys) -%}
where rand() >= 0
    distribute by {{ keys | join(', ') }}
{%- endmacro %}
