{#- The sum of clicks, each divided by how often its position is looked at. Positions
    that are hardly looked at, or of which that is not known, count as
    `least_examination`: a single click there must not outweigh all others.

    examination: a column of the clicks -#}
{% macro corrected_clicks(examination) -%}
round(
            sum(
                1e0 / case
                    when {{ examination }} > {{ var('least_examination') }}
                        then {{ examination }}
                    else {{ var('least_examination') }}
                end
            ) + 0.0000001, 4
        )
{%- endmacro %}
