{#- IPv6 addresses replaced; the rule is written in redact_text.

    Two rows a run of letters, digits, colons and dots that holds a colon: find it, pass
    it on, replaced or not.

    text_column: a column -#}
{% macro sqlite__redact_ipv6(text_column) %}
{%- set run_characters = sqlite__ascii_word_characters() ~ " || ':.'" -%}
{%- set before_run = "rtrim(substr(ahead, 1, instr(ahead, ':') - 1), "
    ~ run_characters ~ ")" -%}
{%- set behind_run = "ltrim(ahead, " ~ run_characters ~ ")" -%}
{%- set run = "substr(ahead, 1, length(ahead) - length(" ~ behind_run ~ "))" -%}
case
    when {{ text_column }} glob '*:*:*'
    then (
        with recursive

        ipv6_walk (stage, passed, ahead) as (
            select 0, '', {{ text_column }}
            union all
            select
                1 - stage,
                passed || iif(
                    stage = 0,
                    {{ before_run }},
                    {{ sqlite__ipv6_run_redacted(run) }}
                ),
                iif(
                    stage = 0,
                    substr(ahead, length({{ before_run }}) + 1),
                    {{ behind_run }}
                )
            from ipv6_walk
            where stage = 1 or ahead glob '*:*'
        )

        select passed || ahead
        from ipv6_walk
        where stage = 0 and ahead not glob '*:*'
    )
    else {{ text_column }}
end
{%- endmacro %}

{#- A run, with the address replaced that it is, trailing dots and a colon apart. -#}
{% macro sqlite__ipv6_run_redacted(run) -%}
(
    select
        iif(
            {{ sqlite__is_ipv6('address', 'spelled') }},
            '[ip]' || substr(run, length(address) + 1),
            run
        )
    from (
        select
            run,
            address,
            {#- The last 32 bits may be written as a dotted quad. #}
            case
                when address not glob '*.*' then address
                when {{ sqlite__is_ipv4(
                    "replace(address, rtrim(address, replace(address, ':', '')), '')"
                ) }}
                then rtrim(address, replace(address, ':', '')) || '0:0'
            end as spelled
        from (
            select
                run,
                iif(
                    rtrim(run, '.') glob '*[^:]:',
                    substr(rtrim(run, '.'), 1, length(rtrim(run, '.')) - 1),
                    rtrim(run, '.')
                ) as address
            from (select {{ run }} as run)
        )
    )
)
{%- endmacro %}

{#- Whether a text is an IPv6 address (RFC 4291, 2.2, without a zone) with two colons
    and a digit at least.

    address: a column
    spelled: the column of the same address without a dotted quad; null where that is
    impossible -#}
{% macro sqlite__is_ipv6(address, spelled) -%}
{%- set colon_count = "(length(" ~ spelled ~ ") - length(replace(" ~ spelled
    ~ ", ':', '')))" -%}
(
    {{ address }} glob '*:*:*'
    and {{ spelled }} glob '*[0-9A-Fa-f]*'
    and {{ spelled }} not glob '*[^0-9A-Fa-f:]*'
    and {{ spelled }} not glob '*{{ '[0-9A-Fa-f]' * 5 }}*'
    and {{ spelled }} not glob ':[^:]*'
    and {{ spelled }} not glob '*[^:]:'
    and {{ spelled }} not glob '*:::*'
    and {{ spelled }} not glob '*::*::*'
    and case
        when {{ spelled }} glob '*::*'
        then {{ colon_count }} - ({{ spelled }} glob '::*') - ({{ spelled }} glob '*::')
            <= 7
        else {{ colon_count }} = 7
    end
)
{%- endmacro %}
