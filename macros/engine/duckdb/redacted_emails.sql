{#- A text with its e-mail addresses replaced, a marker a step; the rule is written in
    redact_text.

    text_column: a column -#}
{% macro duckdb__redacted_emails(text_column) -%}
case
    when regexp_matches({{ text_column }}, '(?s)(?:@|%40).*\.')
    then list_transform(
        [list_reduce(
            regexp_extract_all({{ text_column }}, '@|%40'),
            lambda walk, marker: case
                when regexp_matches(walk.ahead, '@|%40')
                then list_transform(
                    [regexp_extract(
                        walk.ahead,
                        '(?s)^(.*?)(@|%40)(.*)$',
                        ['before', 'marker', 'behind']
                    )],
                    lambda found: list_transform(
                        [{
                            'local': ltrim(
                                regexp_extract(
                                    found.before, '"[^"]+"$|[^{{ regex_email_stop() }}]*$'
                                ),
                                '.''‘’'
                            ),
                            'domain': regexp_extract(
                                found.behind,
                                '^({{ regex_domain() }})(?:[{{ regex_no_label() }}-]|$)',
                                1
                            )
                        }],
                        lambda email: case
                            when email.local = '' or email.domain = ''
                            then {
                                'passed': walk.passed || found.before || found.marker,
                                'ahead': found.behind
                            }
                            else {
                                'passed': walk.passed
                                || left(
                                    found.before,
                                    length(found.before) - length(email.local)
                                )
                                || '[email]',
                                'ahead': substr(found.behind, length(email.domain) + 1)
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
