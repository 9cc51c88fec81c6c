{#- Whether a text is an id that cannot contain personal data: only ASCII letters,
    digits, '-' and '_', and no digits in the groups of a card or a social security
    number, with hyphens between them. Such ids are kept as they are (sixteen digits are
    an id, not a card). All others are checked for personal data first. -#}
{% macro is_opaque_id(value) %}
    {{- return(adapter.dispatch('is_opaque_id', 'clip_search')(value)) -}}
{% endmacro %}

{#- The check for digits comes first: `ltrim` is far cheaper than a character class, and
    a class with fewer ranges is cheaper. Few ids need the patterns with hyphens. -#}
{% macro sqlite__is_opaque_id(value) -%}
{%- set four = '[0-9]' * 4 -%}
(
    {{ value }} <> ''
    and (
        ltrim({{ value }}, '0123456789') = ''
        or lower({{ value }}) not glob '*[^0-9_a-z]*'
        or (
            lower({{ value }}) not glob '*[^-0-9_a-z]*'
            and {{ value }} not glob '*{{ four }}-{{ four }}-{{ four }}*'
            and {{ value }} not glob '*{{ four }}-[0-9][0-9]{{ four }}-{{ four }}*'
            and {{ value }} not glob '*[0-9][0-9][0-9]-[0-9][0-9]-{{ four }}*'
        )
    )
)
{%- endmacro %}

{% macro duckdb__is_opaque_id(value) -%}
(
    regexp_full_match({{ value }}, '[-0-9A-Z_a-z]+')
    and not regexp_matches({{ value }}, '{{ digits_in_groups() }}')
)
{%- endmacro %}

{% macro spark__is_opaque_id(value) -%}
(
    {{ value }} rlike r'^[-0-9A-Z_a-z]+\z'
    and not {{ value }} rlike r'{{ digits_in_groups() }}'
)
{%- endmacro %}

{#- A pattern for hyphens between groups of digits as cards and social security numbers
    have them. -#}
{% macro digits_in_groups() -%}
[0-9]{4}-[0-9]{4}-[0-9]{4}|[0-9]{4}-[0-9]{6}-[0-9]{4}|[0-9]{3}-[0-9]{2}-[0-9]{4}
{%- endmacro %}
