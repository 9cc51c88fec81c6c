{#- Records in the database which code built a seed, a view or a table: this code, if
    this code also built all of its parents, else null for unknown. Runs in the
    transaction of the build. -#}
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

{#- Deletes the record of which code built this model: it is being built. -#}
{% macro forget_build() %}
    {%- if keeps_rows() -%}
        {%- do write_statement(
            "delete from build_record where model_name = '" ~ model.name ~ "'"
        ) -%}
    {%- endif -%}
{% endmacro %}

{#- The names of the seeds, views and tables that a node is built from. An ephemeral model
    has no build record, so its parents take its place. -#}
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

{#- Whether the code with this fingerprint built all of these seeds, views and
    tables. -#}
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

{#- Runs a statement that changes data, in a transaction that it begins if needed. -#}
{% macro write_statement(sql) %}
    {%- call statement('write', auto_begin=True) -%}{{ sql }}{%- endcall -%}
{% endmacro %}
