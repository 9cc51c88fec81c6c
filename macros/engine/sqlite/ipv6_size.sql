{#- Whether a text has what every IPv6 address has.

    text_column: a column -#}
{% macro sqlite__may_hold_ipv6(text_column) -%}
({{ text_column }} glob '*::*' or {{ text_column }} glob '*:*:*:*:*:*:*[.:]*')
{%- endmacro %}

{#- How far it is to the next run of letters, digits, colons and dots that holds a
    colon, and in it past the last letter that no address has and the next colon, or past
    a single colon; the length of the text where there is no run.

    text_column: a column -#}
{% macro sqlite__way_to_ipv6(text_column) -%}
{%- set run_characters = sqlite__ascii_word_characters() ~ " || ':.'" -%}
(
    with

    ipv6_way (run_place) as materialized (
        select length(rtrim(
            substr({{ text_column }}, 1, instr({{ text_column }}, ':') - 1),
            {{ run_characters }}
        ))
    ),

    ipv6_way_run (run_place, run) as materialized (
        select
            run_place,
            substr(
                {{ text_column }},
                run_place + 1,
                length({{ text_column }}) - run_place - length(ltrim(
                    substr({{ text_column }}, run_place + 1), {{ run_characters }}
                ))
            )
        from ipv6_way
    ),

    ipv6_label (run_place, behind, label_size) as materialized (
        select
            run_place,
            substr(run, length(rtrim(run, '0123456789ABCDEFabcdef:.')) + 1),
            length(rtrim(run, '0123456789ABCDEFabcdef:.'))
        from ipv6_way_run
    )

    select
        case
            when instr({{ text_column }}, ':') = 0 then length({{ text_column }})
            when label_size = 0
                then run_place + (behind glob ':[^:]*' or behind glob ':::*')
            else run_place + label_size + instr(behind, ':')
        end
    from ipv6_label
)
{%- endmacro %}

{#- How long the IPv6 address at the start of a text is; where there is none, below 0:
    how far to step on. The rule is written in redact_text.

    text_column: a column that starts with a run, or is empty -#}
{% macro sqlite__ipv6_size(text_column) -%}
{%- set run_characters = sqlite__ascii_word_characters() ~ " || ':.'" -%}
(
    with

    ipv6_run (run_size, dotless) as materialized (
        select
            length({{ text_column }})
            - length(ltrim({{ text_column }}, {{ run_characters }})),
            rtrim(
                substr(
                    {{ text_column }},
                    1,
                    length({{ text_column }})
                    - length(ltrim({{ text_column }}, {{ run_characters }}))
                ),
                '.'
            )
    ),

    ipv6_trimmed (run_size, address) as materialized (
        select
            run_size,
            substr(dotless, 1, length(dotless) - (dotless glob '*[^:]:'))
        from ipv6_run
    ),

    ipv6_split (run_size, address, groups, quad) as materialized (
        select
            run_size,
            address,
            rtrim(address, replace(address, ':', '')),
            substr(address, length(rtrim(address, replace(address, ':', ''))) + 1)
        from ipv6_trimmed
    ),

    {#- The last 32 bits may be written as a dotted quad: it counts as two groups. #}
    ipv6_candidate (run_size, address_size, groups, quad) as materialized (
        select
            run_size,
            length(address),
            iif(quad glob '*.*', groups || '0:0', address),
            iif(quad glob '*.*', '.' || quad || '.', '.0.0.0.0.')
        from ipv6_split
    )

    select
        iif(
            {{ sqlite__is_ipv6('groups') }} and {{ sqlite__is_ipv4('quad') }},
            address_size,
            -run_size
        )
    from ipv6_candidate
)
{%- endmacro %}

{#- Whether a text is an IPv6 address (RFC 4291, 2.2, without a zone or a dotted quad)
    with a digit at least.

    groups: a column -#}
{% macro sqlite__is_ipv6(groups) -%}
{%- set colon_count = "length(" ~ groups ~ ") - length(replace(" ~ groups
    ~ ", ':', ''))" -%}
{{ groups }} glob '*:*:*'
and {{ groups }} glob '*[0-9A-Fa-f]*'
and {{ groups }} not glob '*[^0-9A-Fa-f:]*'
and {{ groups }} not glob '*{{ '[0-9A-Fa-f]' * 5 }}*'
and {{ groups }} not glob ':[^:]*'
and {{ groups }} not glob '*[^:]:'
and {{ groups }} not glob '*:::*'
and {{ groups }} not glob '*::*::*'
and iif(
    {{ groups }} glob '*::*',
    {{ colon_count }} - ({{ groups }} glob '::*') - ({{ groups }} glob '*::') <= 7,
    {{ colon_count }} = 7
)
{%- endmacro %}
