{#- Whether a text has what every e-mail address has.

    text_column: a column -#}
{% macro sqlite__may_hold_email(text_column) -%}
({{ text_column }} glob '*?@?*.*' or {{ text_column }} glob '*?%40?*.*')
{%- endmacro %}

{#- How far it is to the local part of the next e-mail address, or what may be one: to
    the `@` or `%40` itself where it has none; the length of the text without a marker.

    text_column: a column -#}
{% macro sqlite__way_to_email(text_column) -%}
{%- set marker_place = "instr(replace(" ~ text_column ~ ", '%40', '@'), '@')" -%}
(
    with recursive

    {#- Backwards from the marker, a run of the usual characters or one other a row. #}
    local_growth (marker_place, before_local) as (
        select
            {{ marker_place }},
            substr({{ text_column }}, 1, {{ marker_place }} - 1)
        union all
        select
            marker_place,
            iif(
                before_local glob '*[0-9A-Za-z]',
                rtrim(before_local, {{ sqlite__ascii_word_characters() }} || '._-'),
                substr(before_local, 1, length(before_local) - 1)
            )
        from local_growth
        where
            before_local <> ''
            and before_local not glob
            '*[]' || {{ sqlite__white_space() }} || {{ sqlite__sentence_marks() }}
            || ',;:<>()[\/|@"]'
    ),

    local_part (marker_place, local_place) as materialized (
        select
            max(marker_place),
            min(length(before_local)) + 1
        from local_growth
    ),

    {#- What ends in a quote, without it; and how long that is to the quote before. #}
    quoted_part (before_quote, quote_place) as materialized (
        select
            before_quote,
            length(rtrim(before_quote, replace(before_quote, '"', '')))
        from (
            select substr({{ text_column }}, 1, marker_place - 2) as before_quote
            from local_part
            where substr({{ text_column }}, marker_place - 1, 1) = '"'
        )
    )

    select
        case
            when marker_place = 0 then length({{ text_column }})
            when quote_place > 0 and quote_place < length(before_quote)
            then quote_place - 1
            else marker_place - 1 - length(ltrim(
                substr({{ text_column }}, local_place, marker_place - local_place),
                '.''‘’'
            ))
        end
    from local_part
    left join quoted_part on true
)
{%- endmacro %}

{#- How long the e-mail address at the start of a text is; where there is none, below 0:
    how far to step on. The rule is written in redact_text.

    text_column: a column that starts with a local part or with the marker, or is empty
    -#}
{% macro sqlite__email_size(text_column) -%}
{%- set last_label = "substr(label, 1, length(label) - length(behind))" -%}
{%- set marker_place = "instr(replace(" ~ text_column ~ ", '%40', '@'), '@')" -%}
(
    with recursive

    email_head (marker_place, head_size) as materialized (
        select
            {{ marker_place }},
            {{ marker_place }}
            + iif(substr({{ text_column }}, {{ marker_place }}, 1) = '@', 0, 2)
    ),

    {#- A run of letters and digits or one other character a row; the last label lies
        between `label` and `behind`, both of which reach to the end of the text. #}
    domain_growth (dot_count, label, behind) as (
        select
            0,
            substr({{ text_column }}, head_size + 1),
            substr({{ text_column }}, head_size + 1)
        from email_head
        where marker_place > 1
        union all
        select
            dot_count + (behind glob '.*'),
            iif(behind glob '.*', substr(behind, 2), label),
            iif(
                behind glob '[0-9A-Za-z]*',
                ltrim(behind, {{ sqlite__ascii_word_characters() }}),
                substr(behind, 2)
            )
        from domain_growth
        where
            {{ sqlite__starts_in_name('behind') }}
            or (behind glob '.*' and {{ last_label }} glob '*[^-]')
            or (behind glob '-*' and {{ last_label }} <> '')
    ),

    email (email_size) as materialized (
        select length({{ text_column }}) - min(length(behind))
        from domain_growth
        where
            dot_count > 0
            and {{ last_label }} glob '?*[^-]'
            and (
                {{ last_label }} not glob '*[0-9]*'
                or lower({{ last_label }}) glob 'xn--*'
            )
            and not {{ sqlite__starts_in_name('behind') }}
    )

    select coalesce(email_size, -head_size)
    from email_head
    cross join email
)
{%- endmacro %}

{#- Whether a text starts with what may stand in a host's name, dots and hyphens apart.

    text_column: a column -#}
{% macro sqlite__starts_in_name(text_column) -%}
(
    {{ text_column }} glob '[0-9A-Za-z]*'
    or (
        {{ text_column }} glob '[' || {{ sqlite__beyond_ascii() }} || ']*'
        and {{ text_column }} not glob
        '[‘’' || {{ sqlite__white_space() }} || {{ sqlite__sentence_marks() }} || ']*'
    )
)
{%- endmacro %}
