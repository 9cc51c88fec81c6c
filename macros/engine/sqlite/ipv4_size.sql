{#- Whether a text has what every IPv4 address has.

    text_column: a column -#}
{% macro sqlite__may_hold_ipv4(text_column) -%}
{{ text_column }} glob '*[0-9].[0-9]*.[0-9]*.[0-9]*'
{%- endmacro %}

{#- How long the IPv4 address at the start of a text is; where there is none, below 0:
    how far to step on. The rule is written in redact_text.

    Two dots in a row end a number, and so does what is neither digit nor dot.

    passed: the column of what stands before
    ahead: the column of the text -#}
{% macro sqlite__ipv4_size(passed, ahead) -%}
{%- set word_characters = sqlite__ascii_word_characters() -%}
(
    with

    ipv4_number (number_size, words) as materialized (
        select
            instr(
                substr(
                    {{ ahead }},
                    1,
                    length({{ ahead }}) - length(ltrim({{ ahead }}, '0123456789.'))
                ) || '..',
                '..'
            ) - 1,
            rtrim({{ passed }}, ' :=-')
    ),

    ipv4_candidate (number_size, quad, next_character, last_word) as materialized (
        select
            number_size,
            '.' || substr({{ ahead }}, 1, number_size) || '.',
            substr({{ ahead }}, number_size + 1, 1),
            lower(substr(words, length(rtrim(words, {{ word_characters }})) + 1))
        from ipv4_number
    )

    select
        iif(
            {{ sqlite__is_ipv4('quad') }}
            and {{ passed }} not glob '*[A-Za-z]'
            and next_character not glob '[A-Za-z]'
            and not (
                {{ passed }} glob '*[ :=-]'
                and last_word in (select word from {{ ref('version_word') }})
            ),
            number_size,
            min(-1, -number_size)
        )
    from ipv4_candidate
)
{%- endmacro %}
