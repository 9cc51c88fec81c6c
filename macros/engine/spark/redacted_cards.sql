{#- A text with its card numbers replaced; the rule is written in redact_text.

    The text is cut into runs of digit groups and what is between them. Runs have nothing
    to do with each other.

    expression: a text expression -#}
{% macro spark__redacted_cards(expression) -%}
{{ spark__bound(
    'parts',
    'regexp_extract_all(' ~ expression
    ~ ", r'([0-9]++(?:[ -]++[0-9]++)*+|[^0-9]++)', 1)",
    "array_join(transform(parts, (part, part_place) -> case"
    ~ " when part rlike r'^(?:[0-9][ -]*+){13}' then " ~ spark__bound(
        'digit_groups',
        "regexp_extract_all(part, r'([0-9]++[ -]*+)', 1)",
        spark__run_without_cards('digit_groups')
    ) ~ " else part end), '')"
) }}
{%- endmacro %}

{#- A run with its card numbers replaced. Its groups are walked through, one a step; those
    before `next_group` are part of a card already.

    digit_groups: a bound name, the groups with what follows each inside the run -#}
{% macro spark__run_without_cards(digit_groups) -%}
aggregate(
    sequence(1, size({{ digit_groups }})),
    struct('' as passed, 1 as next_group),
    (walk, place) -> case
        when place < walk.next_group then walk
        else {{ spark__bound('group_count', spark__card_groups(digit_groups), "case
            when group_count is null
            then struct(
                concat(walk.passed, " ~ digit_groups ~ "[place - 1]) as passed,
                place + 1 as next_group
            )
            else struct(
                concat(
                    walk.passed,
                    '[card]',
                    regexp_extract(
                        " ~ digit_groups ~ "[place + group_count - 2], '[ -]*$', 0
                    )
                ) as passed,
                place + group_count as next_group
            )
        end") }}
    end,
    walk -> walk.passed
)
{%- endmacro %}

{#- How many groups from `place` on are the longest card number, or null.

    digit_groups: a bound name -#}
{% macro spark__card_groups(digit_groups) -%}
get(
    filter(
        sequence(least(19, size({{ digit_groups }}) - place + 1), 1, -1),
        candidate_count -> (
            place > 1
            or not coalesce(get(parts, part_place - 1), '') rlike r'[A-Za-z]\z'
        )
        and (
            place + candidate_count <= size({{ digit_groups }})
            or not coalesce(get(parts, part_place + 1), '') rlike r'^[A-Za-z]'
        )
        and {{ spark__bound(
            'digits',
            "regexp_replace(array_join(slice("
            ~ digit_groups ~ ", place, candidate_count), ''), '[ -]', '')",
            'length(digits) between 13 and 19 and ' ~ spark__luhn_holds('digits')
        ) }}
    ),
    0
)
{%- endmacro %}

{#- Whether the check sum of ISO/IEC 7812-1 holds. A digit d that counts double adds
    d * 2, less 9 from 10 on.

    digits: a bound name, ASCII digits -#}
{% macro spark__luhn_holds(digits) -%}
aggregate(
    transform(
        split(reverse({{ digits }}), ''),
        (digit, digit_place) -> case
            when digit_place % 2 = 0 then cast(digit as int)
            else instr('516273849', digit)
        end
    ),
    0,
    (total, summand) -> total + summand
) % 10 = 0
{%- endmacro %}
