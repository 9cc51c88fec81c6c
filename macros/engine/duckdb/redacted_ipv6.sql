{#- A text with its IPv6 addresses replaced; the rule is written in redact_text.

    text_column: a column -#}
{% macro duckdb__redacted_ipv6(text_column) -%}
case
    when regexp_matches({{ text_column }}, '(?s)::|(?::.*){6}[.:]')
    then array_to_string(
        list_transform(
            regexp_extract_all(
                {{ text_column }}, '[0-9A-Za-z:.]+|[^0-9A-Za-z:.]+'
            ),
            lambda run: list_transform(
                [regexp_extract(
                    run,
                    '^(.*[G-Zg-z][^:]*:|:)?((?:::|[^:]).*)$',
                    ['label', 'rest']
                )],
                lambda parts: list_transform(
                    [regexp_replace(
                        regexp_replace(parts.rest, '\.+$', ''), '([^:]):$', '\1'
                    )],
                    lambda address: case
                        when {{ duckdb__is_ipv6(
                            "regexp_replace(address, ':" ~ regex_ipv4() ~ "$', ':0:0')"
                        ) }}
                        then parts.label
                        || '[ip]'
                        || substr(parts.rest, length(address) + 1)
                        else run
                    end
                )[1]
            )[1]
        ),
        ''
    )
    else {{ text_column }}
end
{%- endmacro %}

{#- Whether a text is an IPv6 address (RFC 4291, 2.2, without a zone or a dotted quad) with
    two colons and a digit at least.

    groups: an expression -#}
{% macro duckdb__is_ipv6(groups) -%}
(
    regexp_full_match({{ groups }}, '(?:[0-9A-Fa-f]{1,4}:){7}[0-9A-Fa-f]{1,4}')
    or (
        regexp_full_match(
            {{ groups }},
            '(?:[0-9A-Fa-f]{1,4}(?::[0-9A-Fa-f]{1,4})*)?::'
            || '(?:[0-9A-Fa-f]{1,4}(?::[0-9A-Fa-f]{1,4})*)?'
        )
        and len(regexp_extract_all({{ groups }}, '[0-9A-Fa-f]+')) between 1 and 7
    )
)
{%- endmacro %}
