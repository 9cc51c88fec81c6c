{#- Whether a text is an id that cannot contain personal data: only ASCII letters,
    digits, '-' and '_'. Such ids are kept as they are (sixteen digits are an id, not a
    card). All others are checked for personal data first. -#}
{% macro is_opaque_id(value) %}
    {{- return(adapter.dispatch('is_opaque_id', 'clip_search')(value)) -}}
{% endmacro %}

{#- The check for digits comes first: `ltrim` is far cheaper than a character class, and
    a class with fewer ranges is cheaper. -#}
{% macro sqlite__is_opaque_id(value) -%}
(
    {{ value }} <> ''
    and (
        ltrim({{ value }}, '0123456789') = ''
        or lower({{ value }}) not glob '*[^-0-9_a-z]*'
    )
)
{%- endmacro %}

{% macro duckdb__is_opaque_id(value) -%}
regexp_full_match({{ value }}, '[-0-9A-Z_a-z]+')
{%- endmacro %}

{% macro spark__is_opaque_id(value) -%}
{{ value }} rlike r'^[-0-9A-Z_a-z]+\z'
{%- endmacro %}
