{#- A text with its IPv6 addresses replaced; the rule is written in redact_text.

    expression: a text expression -#}
{% macro spark__redacted_ipv6(expression) -%}
array_join(
    transform(
        regexp_extract_all(
            {{ expression }}, r'([0-9A-Za-z:.]++|[^0-9A-Za-z:.]++)', 1
        ),
        run -> case
            when run rlike r'^[0-9A-Za-z:.]' and run rlike r'::|(?::[^:]*+){6}'
            then {{ spark__bound(
                'label',
                "regexp_extract(run, r'^(?:.*[G-Zg-z][^:]*+:|:(?=[^:]|::))', 0)",
                spark__bound(
                    'address',
                    "regexp_replace(regexp_replace(substr(run, length(label) + 1), "
                    ~ "r'\\.++\\z', ''), r'([^:]):\\z', '$1')",
                    'case when ' ~ spark__bound(
                        'hex_groups',
                        "regexp_replace(address, r':" ~ regex_ipv4() ~ "\\z', ':0:0')",
                        spark__is_ipv6('hex_groups')
                    ) ~ " then concat(label, '[ip]', "
                    ~ "substr(run, length(label) + length(address) + 1)) else run end"
                )
            ) }}
            else run
        end
    ),
    ''
)
{%- endmacro %}

{#- Whether a text is an IPv6 address (RFC 4291, 2.2, without a zone or a dotted quad) with
    two colons and a digit at least.

    hex_groups: a bound name -#}
{% macro spark__is_ipv6(hex_groups) -%}
(
    {{ hex_groups }} rlike r'^(?:[0-9A-Fa-f]{1,4}:){7}[0-9A-Fa-f]{1,4}\z'
    or (
        {{ hex_groups }} rlike
        r'^(?:[0-9A-Fa-f]{1,4}(?::[0-9A-Fa-f]{1,4}){0,7})?::(?:[0-9A-Fa-f]{1,4}(?::[0-9A-Fa-f]{1,4}){0,7})?\z'
        and size(regexp_extract_all({{ hex_groups }}, '([0-9A-Fa-f]+)', 1))
        between 1 and 7
    )
)
{%- endmacro %}
