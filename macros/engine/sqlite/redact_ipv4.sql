{#- IPv4 addresses replaced; the rule is written in redact_text.

    Three rows a dotted number (digits with single dots between): find it, measure it,
    step over it, replaced or not.

    text_column: a column -#}
{% macro sqlite__redact_ipv4(text_column) %}
{%- set number_characters = "'0123456789.'" -%}
case
    when {{ text_column }} glob '*[0-9].[0-9]*.[0-9]*.[0-9]*'
    then (
        with recursive

        ipv4_walk (stage, passed, ahead, number_size, other_characters) as (
            select
                0,
                '',
                {{ text_column }},
                0,
                {{ sqlite__text_without(text_column, '0123456789') }}
            union all
            select
                (stage + 1) % 3,
                case stage
                    when 0
                    then passed || substr(
                        ahead,
                        1,
                        length(ahead) - length(ltrim(ahead, other_characters))
                    )
                    when 1 then passed
                    else passed || iif(
                        {{ sqlite__is_ipv4('substr(ahead, 1, number_size)') }}
                        and passed not glob '*[A-Za-z]'
                        and substr(ahead, number_size + 1, 1) not glob '[A-Za-z]'
                        and not {{ sqlite__ends_in_version_word('passed') }},
                        '[ip]',
                        substr(ahead, 1, number_size)
                    )
                end,
                case stage
                    when 0 then ltrim(ahead, other_characters)
                    when 1 then ahead
                    else substr(ahead, number_size + 1)
                end,
                iif(
                    stage = 1,
                    instr(
                        substr(
                            ahead,
                            1,
                            length(ahead) - length(ltrim(ahead, {{ number_characters }}))
                        ) || '..',
                        '..'
                    ) - 1,
                    0
                ),
                other_characters
            from ipv4_walk
            where stage > 0 or ahead glob '*[0-9]*'
        )

        select passed || ahead
        from ipv4_walk
        where stage = 0 and ahead not glob '*[0-9]*'
    )
    else {{ text_column }}
end
{%- endmacro %}

{#- Whether a text ends in a word after which four numbers are a version, and a separator.

    text_column: a column -#}
{% macro sqlite__ends_in_version_word(text_column) -%}
{%- set words = "rtrim(" ~ text_column ~ ", ' :=-')" -%}
(
    {{ text_column }} glob '*[ :=-]'
    and exists (
        select 1
        from {{ ref('version_word') }} as version_word
        where
            version_word.word = lower(
                substr(
                    {{ words }},
                    length(
                        rtrim({{ words }}, {{ sqlite__ascii_word_characters() }})
                    ) + 1
                )
            )
    )
)
{%- endmacro %}
