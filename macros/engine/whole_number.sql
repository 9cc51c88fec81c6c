{#- The integer that a text of 1-9 digits means, with or without a fraction of zeros ('2'
    and '2.0' are 2); null for every other text, signs and exponents included. Digits are
    looked at before anything is cast: engines differ in what they make of '1e3'. -#}
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
