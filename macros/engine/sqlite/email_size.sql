{#- Whether a text has what every e-mail address has.

    text_column: a column -#}
{% macro sqlite__may_hold_email(text_column) -%}
({{ text_column }} glob '*?@?*.*' or {{ text_column }} glob '*?%40?*.*')
{%- endmacro %}

{#- How far it is to the local part of the next e-mail address, or what may be one: to the
    `@` or `%40` itself where it has none; the length of the text without a marker.

    text_column: a column -#}
{% macro sqlite__way_to_email(text_column) -%}
(
    with recursive

    {#- Backwards from the marker. #}
    local_growth (start_place, marker_place) as (
        select
            instr(replace({{ text_column }}, '%40', '@'), '@'),
            instr(replace({{ text_column }}, '%40', '@'), '@')
        union all
        select
            start_place - 1,
            marker_place
        from local_growth
        where
            start_place > 1
            and substr({{ text_column }}, start_place - 1, 1) not glob
            '[]' || {{ sqlite__white_space() }} || {{ sqlite__sentence_marks() }}
            || ',;:<>()[\/|@"]'
    ),

    local_part (start_place, marker_place) as materialized (
        select
            min(start_place),
            max(marker_place)
        from local_growth
    )

    select
        iif(
            marker_place = 0,
            length({{ text_column }}),
            marker_place - 1 - length(ltrim(
                substr({{ text_column }}, start_place, marker_place - start_place), '.''’'
            ))
        )
    from local_part
)
{%- endmacro %}

{#- How long the e-mail address at the start of a text is; where there is none, below 0:
    how far to step on. The rule is written in redact_text.

    text_column: a column that starts with a local part or with the marker, or is empty -#}
{% macro sqlite__email_size(text_column) -%}
{%- set marker_place = "instr(replace(" ~ text_column ~ ", '%40', '@'), '@')" -%}
(
    with recursive

    email_head (marker_place, head_size) as materialized (
        select
            {{ marker_place }},
            {{ marker_place }}
            + iif(substr({{ text_column }}, {{ marker_place }}, 1) = '@', 0, 2)
    ),

    domain_growth (size, dot_count, last_label, next_character, behind) as (
        select
            head_size,
            0,
            '',
            substr({{ text_column }}, head_size + 1, 1),
            substr({{ text_column }}, head_size + 2)
        from email_head
        where marker_place > 1
        union all
        select
            size + 1,
            dot_count + (next_character = '.'),
            iif(next_character = '.', '', last_label || next_character),
            substr(behind, 1, 1),
            substr(behind, 2)
        from domain_growth
        where
            {{ sqlite__is_name_character('next_character') }}
            or (next_character = '.' and last_label glob '*[^-]')
            or (next_character = '-' and last_label <> '')
    )

    select
        coalesce(max(domain_growth.size), -max(email_head.head_size))
    from email_head
    left join domain_growth
        on
            dot_count > 0
            and last_label glob '?*[^-]'
            and (last_label not glob '*[0-9]*' or lower(last_label) glob 'xn--*')
            and not {{ sqlite__is_name_character('next_character') }}
)
{%- endmacro %}

{#- Whether a character may stand in a host's name, dots and hyphens apart.

    character: a column -#}
{% macro sqlite__is_name_character(character) -%}
(
    {{ character }} glob '[0-9A-Za-z]'
    or (
        {{ character }} glob '[' || {{ sqlite__beyond_ascii() }} || ']'
        and {{ character }} not glob
        '[‘’' || {{ sqlite__white_space() }} || {{ sqlite__sentence_marks() }} || ']'
    )
)
{%- endmacro %}
