{#- Whether a text is a link or has one inside; the rule is written in classify_query.

    text_column: a column -#}
{% macro sqlite__is_url(text_column) -%}
(
    select
        typed glob 'http://*'
        or typed glob 'https://*'
        or typed glob 'ftp://*'
        or typed glob 'www.[^' || {{ sqlite__white_space() }} || ']*'
        or typed glob '*[^0-9a-z]http://*'
        or typed glob '*[^0-9a-z]https://*'
        or (
            typed not glob '*[' || {{ sqlite__white_space() }} || ']*'
            and {{ sqlite__is_known_host(
                "substr(typed, 1, instr("
                ~ "replace(replace(typed, '?', '/'), '#', '/') || '/', '/') - 1)"
            ) }}
        )
    from (select lower(trim({{ text_column }}, {{ sqlite__white_space() }})) as typed)
)
{%- endmacro %}

{#- Whether a text is a host by name, of a top-level domain in `url_tld`, and perhaps a
    port.

    expression: a text expression without white space -#}
{% macro sqlite__is_known_host(expression) -%}
(
    select
        host glob '*.*'
        and host not glob '*[^-.0-9a-z' || {{ sqlite__beyond_ascii() }} || ']*'
        and '.' || host || '.' not glob '*.[-.]*'
        and '.' || host || '.' not glob '*-.*'
        and port not glob '*[^0-9]*'
        and port not glob '??????*'
        and (port <> '' or host_and_port not glob '*:')
        and exists (
            select 1
            from {{ ref('url_tld') }} as url_tld
            where
                url_tld.tld
                = substr(host, length(rtrim(host, replace(host, '.', ''))) + 1)
        )
    from (
        select
            host_and_port,
            substr(host_and_port, 1, instr(host_and_port || ':', ':') - 1) as host,
            substr(host_and_port, instr(host_and_port || ':', ':') + 1) as port
        from (select {{ expression }} as host_and_port)
    )
)
{%- endmacro %}
