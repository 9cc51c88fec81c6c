{#- Notes in the database which code built a seed, a view or a table: this code, if all
    that it was built from was built by this code too, else nobody knows which. Runs in
    the transaction of the build. -#}
{% macro record_build() %}
    {%- if execute and keeps_rows() -%}
        {%- set fingerprint = code_fingerprint() -%}
        {%- set known = "'" ~ fingerprint ~ "'"
            if are_built_by(fingerprint, recorded_parents(model)) else 'null' -%}
        {%- do forget_build() -%}
        {%- do write_statement(
            "insert into build_record (model_name, code_fingerprint)"
            ~ " values ('" ~ model.name ~ "', " ~ known ~ ")"
        ) -%}
    {%- endif -%}
{% endmacro %}

{% macro forget_build() %}
    {%- if keeps_rows() -%}
        {%- do write_statement(
            "delete from build_record where model_name = '" ~ model.name ~ "'"
        ) -%}
    {%- endif -%}
{% endmacro %}

{#- The names of the seeds, views and tables that a node is built from. An ephemeral model
    has no record of its own; what it is built from has. -#}
{% macro recorded_parents(node) %}
    {%- set names = [] -%}
    {%- for unique_id in node.depends_on.nodes or [] if unique_id in graph.nodes -%}
        {%- set parent = graph.nodes[unique_id] -%}
        {%- if parent.config.materialized == 'ephemeral' -%}
            {%- do names.extend(recorded_parents(parent)) -%}
        {%- else -%}
            {%- do names.append(parent.name) -%}
        {%- endif -%}
    {%- endfor -%}
    {{ return(names) }}
{% endmacro %}

{#- Whether all of these seeds, views and tables were built by the code with this
    fingerprint. -#}
{% macro are_built_by(fingerprint, model_names) %}
    {%- if not model_names -%}
        {{ return(true) }}
    {%- endif -%}
    {%- set counted = run_query(
        "select count(*) from build_record where code_fingerprint = '" ~ fingerprint
        ~ "' and model_name in ('" ~ model_names | join("', '") ~ "')"
    ) -%}
    {{ return(counted.rows[0][0] | int == model_names | length) }}
{% endmacro %}

{#- Runs a statement that changes something, in a transaction that it begins if need be. -#}
{% macro write_statement(sql) %}
    {%- call statement('write', auto_begin=True) -%}{{ sql }}{%- endcall -%}
{% endmacro %}
