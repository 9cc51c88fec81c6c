{#- The tables of macros/landing/landing_tables.sql for Spark, which keeps them in
    Parquet files. Those can only be written or dropped as a whole, so the unit of
    replacement is a partition: the rows of one log file, or the files of one model. The
    loader renders this file with plain Jinja. -#}
{% macro spark__landing_tables() %}
create table if not exists landed_search_request (
    line_number int,
    search_id string,
    search_query string,
    ts string,
    cuid string,
    total string,
    malformed_line string,
    file_id int
) using parquet partitioned by (file_id);
create table if not exists landed_search_result_interaction (
    line_number int,
    search_id string,
    ts string,
    cid string,
    position string,
    malformed_line string,
    file_id int
) using parquet partitioned by (file_id);
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
create table if not exists built_file (
    log string,
    file_id int,
    model_name string
) using parquet partitioned by (model_name);
{% endmacro %}
