{#- The tables of macros/landing/landing_tables.sql for Spark, which keeps them in
    Parquet files. Those can only be written or dropped as a whole, so the unit of
    replacement is a partition: the rows of one log file, or the ids that were in it. The
    loader renders this file with plain Jinja.

    Which code built a table, and which files it contains, is part of the table itself
    (clip_search/engines/spark_generations.py). `built_file` is a copy, written after each
    run. The loader replaces `load_record` and `import_record` by views of their newest
    version.

    log_columns: the names of the columns of each log -#}
{% macro spark__landing_tables(log_columns) %}
{%- for log, columns in log_columns.items() %}
create table if not exists landed_{{ log }} (
    line_number bigint,
    {%- for column in columns %}
    {{ column }} string,
    {%- endfor %}
    malformed_line string,
    file_id int
) using parquet partitioned by (file_id);
{%- endfor %}
create table if not exists load_record (
    load_id int,
    log string,
    file_path string,
    checksum string,
    file_id int,
    row_count int,
    loaded_at string,
    unloaded_at string
) using parquet;
create table if not exists import_record (
    load_id int,
    mapping string,
    position_from int,
    left_out_count int
) using parquet;
create table if not exists unloaded_search_id (
    search_id string,
    log string,
    file_id int
) using parquet partitioned by (log, file_id);
create table if not exists run_record (
    fingerprint string,
    finished_at string
) using parquet;
create table if not exists built_file (
    log string,
    file_id int,
    model_name string
) using parquet partitioned by (model_name);
{% endmacro %}
