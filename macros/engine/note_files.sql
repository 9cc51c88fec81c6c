{#- Records that a model's table contains the rows of exactly these files.

    model_name: the model
    files: a select of `log` and `file_id` -#}
{% macro note_files(model_name, files) %}
    {%- do adapter.dispatch('note_files', 'clip_search')(model_name, files) -%}
{% endmacro %}

{% macro default__note_files(model_name, files) %}
    {%- do write_statement(
        "delete from built_file where model_name = '" ~ model_name ~ "'"
    ) -%}
    {%- if has_loads() -%}
        {%- do write_statement(
            "insert into built_file (model_name, log, file_id) select '" ~ model_name
            ~ "', log, file_id from (" ~ files ~ ") as wanted"
        ) -%}
    {%- endif -%}
{% endmacro %}

{#- The files are read first, because Spark cannot write to a table that it is
    reading. -#}
{% macro spark__note_files(model_name, files) %}
    {%- set partition = "partition (model_name = '" ~ model_name ~ "')" -%}
    {%- set noted = [] -%}
    {%- if has_loads() -%}
        {%- for row in run_query(files).rows -%}
            {%- do noted.append("('" ~ row['log'] ~ "', " ~ row['file_id'] | int ~ ')') -%}
        {%- endfor -%}
    {%- endif -%}
    {%- if noted -%}
        {%- do run_query(
            'insert overwrite built_file ' ~ partition ~ ' values ' ~ noted | join(', ')
        ) -%}
    {%- else -%}
        {%- do run_query('alter table built_file drop if exists ' ~ partition) -%}
    {%- endif -%}
{% endmacro %}
