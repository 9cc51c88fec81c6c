{#- Records in the database which code built a seed, a view or a table: this code, if
    this code also built all of its parents, else null for unknown. Runs in the
    transaction of the build. -#}
{% macro record_build() %}
    {%- if execute -%}
        {%- set fingerprint = code_fingerprint() -%}
        {%- set is_known = are_built_by(fingerprint, recorded_parents(model)) -%}
        {%- do adapter.dispatch('record_code', 'clip_search')(
            fingerprint if is_known else none
        ) -%}
    {%- endif -%}
{% endmacro %}

{% macro default__record_code(fingerprint) %}
    {%- do forget_build() -%}
    {%- do write_statement(
        "insert into build_record (model_name, code_fingerprint) values ('"
        ~ model.name ~ "', " ~ ("'" ~ fingerprint ~ "'" if fingerprint else 'null') ~ ")"
    ) -%}
{% endmacro %}

{#- A table that is kept up to date has recorded it in the step that showed it. -#}
{% macro spark__record_code(fingerprint) %}
    {%- if config.get('materialized') != 'kept_up_to_date' -%}
        {%- do run_query(
            'alter ' ~ ('table ' if model.resource_type == 'seed' else 'view ') ~ this
            ~ " set tblproperties ('clip_search.code' = '" ~ (fingerprint or '') ~ "')"
        ) -%}
    {%- endif -%}
{% endmacro %}

{#- Deletes the record of which code built this model: it is being built. -#}
{% macro forget_build() %}
    {%- do write_statement(
        "delete from build_record where model_name = '" ~ model.name ~ "'"
    ) -%}
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
    {{ return(
        adapter.dispatch('are_built_by', 'clip_search')(fingerprint, model_names)
    ) }}
{% endmacro %}

{% macro default__are_built_by(fingerprint, model_names) %}
    {%- set counted = run_query(
        "select count(*) from build_record where code_fingerprint = '" ~ fingerprint
        ~ "' and model_name in ('" ~ model_names | join("', '") ~ "')"
    ) -%}
    {{ return(counted.rows[0][0] | int == model_names | length) }}
{% endmacro %}

{% macro spark__are_built_by(fingerprint, model_names) %}
    {%- for name in model_names -%}
        {%- if adapter.code_of(this.incorporate(path={'identifier': name})) != fingerprint -%}
            {{ return(false) }}
        {%- endif -%}
    {%- endfor -%}
    {{ return(true) }}
{% endmacro %}

{#- Runs a statement that changes data, in a transaction that it begins if needed. -#}
{% macro write_statement(sql) %}
    {%- call statement('write', auto_begin=True) -%}{{ sql }}{%- endcall -%}
{% endmacro %}
