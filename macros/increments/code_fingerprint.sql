{#- A hash of everything besides the logs that the tables depend on: the project's
    macros, its models up to the clean layer, its text rules and reference seeds, the
    vars that these macros and models read, and whether the logs are the sample. A new
    fingerprint leads to a full refresh. -#}
{% macro code_fingerprint() %}
    {{ return(found_once('code fingerprint', hash_of_code)) }}
{% endmacro %}

{#- The fingerprint, computed. -#}
{% macro hash_of_code() %}
    {%- set ingredients = [has_loads() | string] -%}
    {%- do ingredients.append(run_query('select text_rules_fingerprint()').rows[0][0]) -%}
    {%- for name, macro in context['clip_search'].items() -%}
        {%- do ingredients.append(name ~ macro.macro.macro_sql) -%}
    {%- endfor -%}
    {%- for node in graph.nodes.values() if node.package_name == 'clip_search' -%}
        {%- if node.fqn[1] in ['staging', 'clean', 'reference'] -%}
            {%- do ingredients.append(node.name ~ node.checksum.checksum ~ node.raw_code) -%}
        {%- endif -%}
    {%- endfor -%}
    {%- set read_var = "\\bvar\\(\\s*['\"](\\w+)['\"]" -%}
    {%- for name in modules.re.findall(read_var, ingredients | join('\n')) | unique -%}
        {%- do ingredients.append(name ~ var(name)) -%}
    {%- endfor -%}
    {{ return(local_md5(ingredients | sort | join('\n'))) }}
{% endmacro %}
