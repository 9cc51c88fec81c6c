{#- Goes on the last line of a CTE that has no `where` and that several other CTEs read.
    Its rows are computed once and partitioned by these columns. It has an effect only
    on an engine that shuffles rows between workers, because that stores them anyway. On
    the other engines, `materialized` and `inlined` decide whether a CTE is stored.

    keys: the columns by which most of the readers group and join -#}
{% macro computed_once(keys) %}
    {{- return(adapter.dispatch('computed_once', 'clip_search')(keys)) -}}
{% endmacro %}

{% macro sqlite__computed_once(keys) %}{% endmacro %}

{% macro duckdb__computed_once(keys) %}{% endmacro %}

{#- Spark copies a CTE to each place that reads it, unless it contains a random number.
    `rand()` is never negative, so the condition keeps all rows. The distributed rows go
    to the shuffle files that the readers need anyway. -#}
{% macro spark__computed_once(keys) -%}
where rand() >= 0
    distribute by {{ keys | join(', ') }}
{%- endmacro %}
