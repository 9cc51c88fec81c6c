{#- Whether a text has what every card number has.

    text_column: a column -#}
{% macro sqlite__may_hold_card(text_column) -%}
{{ text_column }} glob '*{{ '[0-9]*' * 13 }}'
{%- endmacro %}

{#- How long the longest card number at the start of a text is; where there is none,
    below 0: how far to step on. The rule is written in redact_text.

    passed: the column of what stands before
    ahead: the column of the text -#}
{% macro sqlite__card_size(passed, ahead) -%}
{%- set digit = "'0123456789'" -%}
(
    with recursive

    {#- As far as the digits, spaces and hyphens go: where they are too few for a card,
        no group of them starts one. #}
    card_run (run_size, digit_count) as materialized (
        select
            length({{ ahead }}) - length(ltrim({{ ahead }}, '0123456789 -')),
            length(
                replace(
                    replace(
                        substr(
                            {{ ahead }},
                            1,
                            length({{ ahead }})
                            - length(ltrim({{ ahead }}, '0123456789 -'))
                        ),
                        ' ',
                        ''
                    ),
                    '-',
                    ''
                )
            )
    ),

    card_growth (digits, behind) as (
        select
            substr(
                {{ ahead }},
                1,
                length({{ ahead }}) - length(ltrim({{ ahead }}, {{ digit }}))
            ),
            ltrim({{ ahead }}, {{ digit }})
        from card_run
        where digit_count >= 13 and {{ passed }} not glob '*[A-Za-z]'
        union all
        select
            digits || substr(
                ltrim(behind, ' -'),
                1,
                length(ltrim(behind, ' -'))
                - length(ltrim(ltrim(behind, ' -'), {{ digit }}))
            ),
            ltrim(ltrim(behind, ' -'), {{ digit }})
        from card_growth
        where
            length(digits) < 19
            and behind glob '[ -]*'
            and ltrim(behind, ' -') glob '[0-9]*'
    ),

    card (card_size) as materialized (
        select max(length({{ ahead }}) - length(behind))
        from card_growth
        where
            length(digits) between 13 and 19
            and behind not glob '[A-Za-z]*'
            and {{ sqlite__luhn_holds('digits') }}
    )

    select
        case
            when card_size > 0 then card_size
            when digit_count < 13 then min(-1, -run_size)
            else min(-1, length(ltrim({{ ahead }}, {{ digit }})) - length({{ ahead }}))
        end
    from card_run
    cross join card
)
{%- endmacro %}
