{#- E-mail addresses replaced; the rule is written in redact_text.

    Three rows a marker (`@` or `%40`): find it, measure the local part and the domain
    about it, step over the address or the marker.

    text_column: a column -#}
{% macro sqlite__redact_email(text_column) %}
{%- set marker_size = "iif(substr(ahead, marker_place, 1) = '@', 1, 3)" -%}
case
    when
        {{ text_column }} glob '*?@?*.*' or {{ text_column }} glob '*?%40?*.*'
    then (
        with recursive

        email_walk (stage, passed, ahead, marker_place, local_size, domain_size) as (
            select 0, '', {{ text_column }}, 0, 0, 0
            union all
            select
                (stage + 1) % 3,
                case
                    when stage < 2 then passed
                    when local_size > 0 and domain_size > 0
                    then passed
                        || substr(ahead, 1, marker_place - 1 - local_size)
                        || '[email]'
                    else passed
                        || substr(ahead, 1, marker_place - 1 + {{ marker_size }})
                end,
                case
                    when stage < 2 then ahead
                    else substr(
                        ahead,
                        marker_place
                        + {{ marker_size }}
                        + iif(local_size > 0, domain_size, 0)
                    )
                end,
                iif(stage = 0, instr(replace(ahead, '%40', '@'), '@'), marker_place),
                iif(stage = 1, {{ sqlite__local_part_size('ahead', 'marker_place') }}, 0),
                iif(
                    stage = 1,
                    {{ sqlite__domain_size('ahead', 'marker_place + ' ~ marker_size) }},
                    0
                )
            from email_walk
            where stage > 0 or ahead glob '*@*' or ahead glob '*%40*'
        )

        select passed || ahead
        from email_walk
        where stage = 0 and ahead not glob '*@*' and ahead not glob '*%40*'
    )
    else {{ text_column }}
end
{%- endmacro %}

{#- How long the local part is that ends before a place.

    text_column: a column
    end_place: the column of the place behind it -#}
{% macro sqlite__local_part_size(text_column, end_place) -%}
(
    with recursive

    local_growth (size) as (
        select 0
        union all
        select size + 1
        from local_growth
        where
            size < {{ end_place }} - 1
            and substr({{ text_column }}, {{ end_place }} - 1 - size, 1) not glob
            '[]' || {{ sqlite__white_space() }} || {{ sqlite__sentence_marks() }}
            || ',;:<>()[\/|@"]'
    )

    select
        length(ltrim(
            substr({{ text_column }}, {{ end_place }} - max(size), max(size)), '.''’'
        ))
    from local_growth
)
{%- endmacro %}

{#- How long the domain is that starts at a place, 0 where there is none.

    text_column: a column
    start_place: an expression -#}
{% macro sqlite__domain_size(text_column, start_place) -%}
(
    with recursive

    domain_growth (size, dot_count, last_label, next_character) as (
        select 0, 0, '', substr({{ text_column }}, {{ start_place }}, 1)
        union all
        select
            size + 1,
            dot_count + (next_character = '.'),
            iif(next_character = '.', '', last_label || next_character),
            substr({{ text_column }}, {{ start_place }} + size + 1, 1)
        from domain_growth
        where case next_character
            when '' then false
            when '.' then last_label glob '*[^-]'
            when '-' then last_label <> ''
            else {{ sqlite__is_name_character('next_character') }}
        end
    )

    select coalesce(max(size), 0)
    from domain_growth
    where
        dot_count > 0
        and last_label glob '?*[^-]'
        and (last_label not glob '*[0-9]*' or lower(last_label) glob 'xn--*')
        and not {{ sqlite__is_name_character('next_character') }}
)
{%- endmacro %}

{#- Whether a character may stand in a host's name, dots and hyphens apart. -#}
{% macro sqlite__is_name_character(character) -%}
(
    {{ character }} glob '[0-9A-Za-z' || {{ sqlite__beyond_ascii() }} || ']'
    and {{ character }} not glob
    '[‘’' || {{ sqlite__white_space() }} || {{ sqlite__sentence_marks() }} || ']'
)
{%- endmacro %}
