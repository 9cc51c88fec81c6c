{#- A text with its card numbers replaced; the rule is written in redact_text.

    The groups of digits are walked through, one a step, or several where they are a card
    together.

    text_column: a column -#}
{% macro duckdb__redacted_cards(text_column) -%}
case
    when regexp_matches({{ text_column }}, '(?:[0-9][^0-9]*){13}')
    then list_transform(
        [list_reduce(
            regexp_extract_all({{ text_column }}, '[0-9]+'),
            lambda walk, digit_group: case
                when regexp_matches(walk.ahead, '[0-9]')
                then list_transform(
                    [regexp_extract(
                        walk.ahead,
                        '(?s)^([^0-9]*)([0-9]+)((?:[ -]+[0-9]+)*)(.?)',
                        ['way', 'digits', 'more', 'behind']
                    )],
                    lambda found: list_transform(
                        [coalesce(
                            case
                                when not regexp_matches(
                                    walk.passed || found.way, '[A-Za-z]$'
                                )
                                then {{ duckdb__card_at('found') }}
                            end,
                            ''
                        )],
                        lambda card: {
                            'passed': walk.passed || found.way
                            || case when card = '' then found.digits else '[card]' end,
                            'ahead': substr(
                                walk.ahead,
                                1 + length(found.way)
                                + length(
                                    case when card = '' then found.digits else card end
                                )
                            )
                        }
                    )[1]
                )[1]
                else walk
            end,
            {'passed': '', 'ahead': {{ text_column }}}
        )],
        lambda walk: walk.passed || walk.ahead
    )[1]
    else {{ text_column }}
end
{%- endmacro %}

{#- The longest card number that the groups of a run start with, or null.

    run: a struct of the first group's `digits`, of `more` groups with what is between
        them, and of the character `behind` the run -#}
{% macro duckdb__card_at(run) -%}
case
    when length({{ run }}.digits || {{ run }}.more) >= 13
    then list_transform(
        [regexp_extract_all({{ run }}.digits || {{ run }}.more, '[ -]*[0-9]+')],
        lambda digit_groups: list_filter(
            list_transform(
                range(1, 1 + least(19, len(digit_groups))),
                lambda group_count: array_to_string(digit_groups[1:group_count], '')
            ),
            lambda candidate: length(replace(replace(candidate, ' ', ''), '-', ''))
            between 13 and 19
            and not (
                candidate = {{ run }}.digits || {{ run }}.more
                and regexp_matches({{ run }}.behind, '[A-Za-z]')
            )
            and {{ duckdb__luhn_holds("replace(replace(candidate, ' ', ''), '-', '')") }}
        )
    )[1][-1]
end
{%- endmacro %}

{#- Whether the check sum of ISO/IEC 7812-1 holds. A digit d that counts double adds
    d * 2, less 9 from 10 on.

    digits: an expression, ASCII digits -#}
{% macro duckdb__luhn_holds(digits) -%}
list_sum(list_transform(
    string_split(reverse({{ digits }}), ''),
    lambda digit, place: case
        when place % 2 = 1 then cast(digit as integer)
        else instr('516273849', digit)
    end
)) % 10 = 0
{%- endmacro %}
