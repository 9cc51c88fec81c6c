{#- The integer that a text of 1 to 9 digits stands for, with or without a fraction of
    zeros ('2' and '2.0' are 2). Null for every other text, including signs and
    exponents. The digits are checked before the cast, because engines read '1e3'
    differently. -#}
{% macro whole_number(value) %}
    {{- return(adapter.dispatch('whole_number', 'clip_search')(value)) -}}
{% endmacro %}

{% macro sqlite__whole_number(value) -%}
{%- set point = "instr(" ~ trimmed(value) ~ " || '.', '.')" -%}
case
    when ltrim({{ value }}, '0123456789') = '' and length({{ value }}) between 1 and 9
        then cast({{ value }} as integer)
    when
        {{ trimmed(value) }} not glob '*[^0-9.]*'
        and {{ trimmed(value) }} not glob '*.'
        and {{ point }} between 2 and 10
        and replace(substr({{ trimmed(value) }}, {{ point }} + 1), '0', '') = ''
        then cast(substr({{ trimmed(value) }}, 1, {{ point }} - 1) as integer)
end
{%- endmacro %}

{% macro duckdb__whole_number(value) -%}
case
    when regexp_full_match({{ value }}, '[0-9]{1,9}') then cast({{ value }} as integer)
    when regexp_full_match({{ trimmed(value) }}, '[0-9]{1,9}(?:\.0+)?')
        then cast(regexp_extract({{ value }}, '[0-9]+') as integer)
end
{%- endmacro %}

{% macro spark__whole_number(value) -%}
case
    when {{ trimmed(value) }} rlike r'^[0-9]{1,9}(?:\.0+)?\z'
        then cast(substring_index({{ trimmed(value) }}, '.', 1) as int)
end
{%- endmacro %}
