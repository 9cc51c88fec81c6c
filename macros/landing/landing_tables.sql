{#- The tables that `clip-search load` writes and staging reads, and the records of
    loads and builds, as statements that end in semicolons. This is their only
    definition: dbt creates them before a run (create_landing_tables), and the loader
    renders this same file with plain Jinja, so do not use dbt's own functions here.

    `file_id` identifies a file's content, not its path: two paths with the same content
    share one, and its rows are landed once. A file_id is never reused. Values are the
    logged text, verbatim. A line that is not a valid record has its whole text in
    `malformed_line` and nothing else.

    `import_record` says of a load by a mapping where positions start, and how many records
    belong to no log. `unloaded_search_id` keeps the ids of unloaded rows, as logged, until no table
    contains them any more: a build that succeeds empties it. `build_record` says which code built each seed, view and
    table (null: unknown), `built_file` which files' rows a table contains. Both are
    written in the transaction that writes the table itself. `run_record` has one row if
    the last dbt command built and tested every table: when, and from what.

    log_columns: the names of the columns of each log -#}
{% macro landing_tables(log_columns) %}
{%- for log, columns in log_columns.items() %}
create table if not exists landed_{{ log }} (
    file_id integer not null,
    line_number bigint not null,
    {%- for column in columns %}
    {{ column }} text,
    {%- endfor %}
    malformed_line text,
    primary key (file_id, line_number)
);
{%- endfor %}
create table if not exists load_record (
    load_id integer not null primary key,
    log text not null,
    file_path text not null,
    checksum text not null,
    file_id integer not null,
    row_count integer not null,
    loaded_at text not null,
    unloaded_at text
);
create table if not exists import_record (
    load_id integer not null primary key,
    mapping text not null,
    position_from integer,
    left_out_count integer not null
);
create table if not exists unloaded_search_id (
    log text not null,
    file_id integer not null,
    search_id text
);
create table if not exists build_record (
    model_name text not null primary key,
    code_fingerprint text
);
create table if not exists run_record (
    fingerprint text not null,
    finished_at text not null
);
create table if not exists built_file (
    model_name text not null,
    log text not null,
    file_id integer not null,
    primary key (model_name, log, file_id)
);
{% endmacro %}
