{#- A condition: the log has enough evidence for a feature, by int_learned_support.

    feature: the name of the feature -#}
{% macro is_supported(feature) -%}
(
        select support.is_supported
        from {{ ref('int_learned_support') }} as support
        where support.feature = '{{ feature }}'
    ) = 1
{%- endmacro %}
