{#- Writes the findings of a check to the run's log, one per line, at most twenty. Only
    when tests run: compiling a check must not read any data.

    findings: SQL with one text column, `finding`, which contains the numbers -#}
{% macro say_findings(findings) %}
    {%- if execute and flags.WHICH in ('build', 'test') -%}
        {%- set found = run_query(findings).columns['finding'].values() -%}
        {%- for finding in found[:20] -%}
            {%- do log(finding, info=true) -%}
        {%- endfor -%}
        {%- if found | length > 20 -%}
            {%- do log('... and ' ~ (found | length - 20) ~ ' more', info=true) -%}
        {%- endif -%}
    {%- endif -%}
{% endmacro %}
