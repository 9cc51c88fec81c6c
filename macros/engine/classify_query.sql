{#- What a redacted query is: `card`, `email`, `ip` or `phone` by the placeholder in it
    (the first in this order), `url` or `text`. Null stays null.

    A url, in any case: a text that starts with http://, https:// or ftp://, or with
    www. and one more character; that has http:// or https:// inside, not right after a
    letter or digit; or that is one word: labels with dots between, the last one in the
    seed `url_tld`, and perhaps a port of up to five digits and a path, query or
    fragment.

    expression: a text expression -#}
{% macro classify_query(expression) %}
    {#- A linter is shown the name: the rule itself is the same hundreds of lines anywhere. -#}
    {%- if var('is_linting', false) -%}
        {{ return('classify_query(' ~ expression ~ ')') }}
    {%- endif -%}
    {{- return(adapter.dispatch('classify_query', 'clip_search')(expression)) -}}
{% endmacro %}

{% macro sqlite__classify_query(expression) %}
    {%- if sqlite__is_column(expression) == 'yes' -%}
        {{ sqlite__query_kind(expression) }}
    {%- else -%}
        (
            select {{ sqlite__query_kind('redacted') }}
            from (select {{ expression }} as redacted)
        )
    {%- endif -%}
{% endmacro %}

{#- text_column: a column -#}
{% macro sqlite__query_kind(text_column) -%}
case {{ text_column }} glob '*[[.:]*'
    when 0 then 'text'
    when 1 then case
        when instr({{ text_column }}, '[card]') > 0 then 'card'
        when instr({{ text_column }}, '[email]') > 0 then 'email'
        when instr({{ text_column }}, '[ip]') > 0 then 'ip'
        when instr({{ text_column }}, '[phone]') > 0 then 'phone'
        when
            ({{ text_column }} glob '*://*' or {{ text_column }} glob '*.[^ ]*')
            and {{ sqlite__is_url(text_column) }}
        then 'url'
        else 'text'
    end
end
{%- endmacro %}

{% macro duckdb__classify_query(expression) -%}
{%- set word -%}
regexp_replace(
    {{ expression }},
    '^[{{ regex_white_space() }}]+|[{{ regex_white_space() }}]+$',
    '',
    'g'
)
{%- endset -%}
case regexp_matches({{ expression }}, '[\[.:]')
    when false then 'text'
    when true then case
        when contains({{ expression }}, '[card]') then 'card'
        when contains({{ expression }}, '[email]') then 'email'
        when contains({{ expression }}, '[ip]') then 'ip'
        when contains({{ expression }}, '[phone]') then 'phone'
        when not regexp_matches({{ expression }}, '://|\.[^ ]') then 'text'
        when regexp_matches({{ word }}, '{{ regex_link() }}') then 'url'
        when
            case
                when regexp_matches({{ expression }}, '\.[^ ]')
                then translate(
                    regexp_extract({{ word }}, '^{{ regex_host() }}$', 1),
                    'ABCDEFGHIJKLMNOPQRSTUVWXYZ',
                    'abcdefghijklmnopqrstuvwxyz'
                )
            end in (select tld from {{ ref('url_tld') }})
        then 'url'
        else 'text'
    end
end
{%- endmacro %}

{% macro spark__classify_query(expression) -%}
{%- set word = spark__without_white_space_around(expression) -%}
case {{ expression }} rlike r'[\[.:]'
    when false then 'text'
    when true then case
        when contains({{ expression }}, '[card]') then 'card'
        when contains({{ expression }}, '[email]') then 'email'
        when contains({{ expression }}, '[ip]') then 'ip'
        when contains({{ expression }}, '[phone]') then 'phone'
        when not {{ expression }} rlike r'://|\.[^ ]' then 'text'
        when {{ word }} rlike r'{{ regex_link() }}' then 'url'
        when
            array_contains(
                (select collect_list(tld) from {{ ref('url_tld') }}),
                translate(
                    regexp_extract({{ word }}, r'{{ spark__regex_host() }}', 1),
                    'ABCDEFGHIJKLMNOPQRSTUVWXYZ',
                    'abcdefghijklmnopqrstuvwxyz'
                )
            )
        then 'url'
        else 'text'
    end
end
{%- endmacro %}

{#- `regex_host` for a whole text, in a form that Java matches without going back: its
    matcher would run out of stack in a long word. -#}
{% macro spark__regex_host() -%}
{%- set letter_or_hyphen = '[^\\x{0}-,./:-@\\[-`{-\\x{7f}' ~ regex_white_space() ~ ']' -%}
^(?:(?!-){{ letter_or_hyphen }}++(?<!-)\.)++([^.:/?#]++)(?::[0-9]{1,5})?(?:[/?#][^{{ regex_white_space() }}]*+)?\z
{%- endmacro %}
