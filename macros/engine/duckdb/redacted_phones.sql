{#- A text with its phone numbers replaced, each seen beside what the one before has become;
    the rule is written in redact_text.

    text_column: a column -#}
{% macro duckdb__redacted_phones(text_column) -%}
{%- set is_national = "regexp_extract(found.ahead, '^(" ~ regex_national_phone()
    ~ ")(?:[^0-9A-Za-z.-]|[.-](?:[^0-9]|$)|[Xx][0-9]|$)', 1)" -%}
case
    when
        regexp_matches(
            {{ text_column }},
            '[0-9]{3}[ .-][0-9]{4}|\+(?:[^0-9]*[0-9]){8}'
        )
    then list_transform(
        [list_reduce(
            regexp_extract_all({{ text_column }}, '[0-9]+|[+(]'),
            lambda walk, start: case
                when regexp_matches(walk.ahead, '[0-9+(]')
                then list_transform(
                    [{
                        'passed': walk.passed
                        || regexp_extract(walk.ahead, '^[^0-9+(]*'),
                        'ahead': regexp_extract(walk.ahead, '(?s)[0-9+(].*$')
                    }],
                    lambda found: list_transform(
                        [case
                            when regexp_matches(found.passed, '[0-9A-Za-z]$') then ''
                            when found.ahead[1] = '+'
                            then regexp_extract(
                                found.ahead,
                                '^({{ regex_international_phone() }})(?:[^0-9A-Za-z]|[Xx][0-9]|$)',
                                1
                            )
                            when not regexp_matches(found.passed, '[0-9][.-]$')
                            then {{ is_national }}
                            else ''
                        end],
                        lambda phone: case
                            when phone = ''
                            then {
                                'passed': found.passed
                                || regexp_extract(found.ahead, '^(?:[0-9]+|.)'),
                                'ahead': regexp_replace(
                                    found.ahead, '^(?:[0-9]+|.)', ''
                                )
                            }
                            else {
                                'passed': found.passed || '[phone]',
                                'ahead': substr(found.ahead, length(phone) + 1)
                            }
                        end
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
