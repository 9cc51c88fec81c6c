{#- A text with its IPv4 addresses replaced; the rule is written in redact_text.

    text_column: a column
    version_words: a column, the list of the seed's words -#}
{% macro duckdb__redacted_ipv4(text_column, version_words) -%}
case
    when regexp_matches({{ text_column }}, '[0-9]\.[0-9]+\.[0-9]+\.[0-9]')
    then list_transform(
        [regexp_extract_all({{ text_column }}, '[0-9]+(?:\.[0-9]+)*|[^0-9]+')],
        lambda parts: array_to_string(
            list_transform(
                parts,
                lambda part, place: case
                    when
                        regexp_full_match(part, '{{ regex_ipv4() }}')
                        and not regexp_matches(
                            coalesce(parts[place - 1], ''), '[A-Za-z]$'
                        )
                        and not regexp_matches(
                            coalesce(parts[place + 1], ''), '^[A-Za-z]'
                        )
                        and not list_contains(
                            {{ version_words }},
                            lower(regexp_extract(
                                array_to_string(parts[1:place - 1], ''),
                                '([0-9A-Za-z]+)[ :=-]+$',
                                1
                            ))
                        )
                    then '[ip]'
                    else part
                end
            ),
            ''
        )
    )[1]
    else {{ text_column }}
end
{%- endmacro %}
