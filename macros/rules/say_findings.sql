{#- Says in the run's log what a check found, a line each, the first twenty of them. Only
    where tests are run: a check that is merely compiled reads nothing.

    findings: SQL with one text column, `finding`, which names the numbers -#}
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
