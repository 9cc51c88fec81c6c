{#- Whether a text is an id that can say nothing about anybody: ASCII letters, digits, '-'
    and '_' only. Such ids are taken as they are (sixteen digits are an id, not a card);
    any other is looked through first. -#}
{% macro is_opaque_id(value) %}
    {{- return(adapter.dispatch('is_opaque_id', 'clip_search')(value)) -}}
{% endmacro %}

{#- Digits alone are asked for first: trimming is far cheaper than a class of characters,
    and a class is the cheaper the fewer ranges it has. -#}
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
