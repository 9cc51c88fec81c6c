{#- What a redacted query is: `card`, `email`, `ip` or `phone` by the placeholder in it
    (the first in this order), `url` or `text`. Null stays null.

    A url, in any case: a text that starts with http://, https:// or ftp://, or with www.
    and one more character; that has http:// or https:// inside, not right after a letter
    or digit; or that is one word: labels with dots between, the last one in the seed
    `url_tld`, and perhaps a port of up to five digits and a path, query or fragment.

    expression: a text expression; it is evaluated once -#}
{% macro classify_query(expression) %}
    {{- return(adapter.dispatch('classify_query', 'clip_search')(expression)) -}}
{% endmacro %}

{% macro sqlite__classify_query(expression) %}
(
    select
        case redacted glob '*[[.:]*'
            when 0 then 'text'
            when 1 then case
                when instr(redacted, '[card]') > 0 then 'card'
                when instr(redacted, '[email]') > 0 then 'email'
                when instr(redacted, '[ip]') > 0 then 'ip'
                when instr(redacted, '[phone]') > 0 then 'phone'
                when {{ sqlite__is_url('redacted') }} then 'url'
                else 'text'
            end
        end
    from (select {{ expression }} as redacted)
)
{%- endmacro %}
