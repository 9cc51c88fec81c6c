{#- How long the longest card number at the start of a text is; where there is none,
    below 0: how far to step on. The rule is written in redact_text.

    passed: the column of what stands before
    ahead: the column of the text -#}
{% macro sqlite__card_size(passed, ahead) -%}
{%- set digit = "'0123456789'" -%}
(
    with recursive

    card_growth (digits, behind) as (
        select
            substr(
                {{ ahead }},
                1,
                length({{ ahead }}) - length(ltrim({{ ahead }}, {{ digit }}))
            ),
            ltrim({{ ahead }}, {{ digit }})
        where {{ ahead }} glob '[0-9]*' and {{ passed }} not glob '*[A-Za-z]'
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
    )

    select
        coalesce(
            max(length({{ ahead }}) - length(behind)),
            min(-1, length(ltrim({{ ahead }}, {{ digit }})) - length({{ ahead }}))
        )
    from card_growth
    where
        length(digits) between 13 and 19
        and behind not glob '[A-Za-z]*'
        and {{ sqlite__luhn_holds('digits') }}
)
{%- endmacro %}
