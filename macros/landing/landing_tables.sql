{#- The tables that `clip-search load` writes and staging reads, and what is noted about
    loads and builds, as statements that end in semicolons. This is their only
    definition: dbt creates them before a run (create_landing_tables), and the loader
    renders this same file with plain Jinja, so keep dbt's own functions out of it.

    `file_id` names a file's content, not its path: two paths that hold the same content
    share one, and its rows are landed once. Values are the text that came, verbatim. A
    line that is no record has its whole text in `malformed_line` and nothing else. No
    file_id is ever given twice.

    `unloaded_search_id` holds, as logged, the ids of the rows that were taken out again,
    until every table has let go of them. `build_record` says for each seed, view and
    table which code built it (null: nobody can say), `built_file` which files' rows a
    table holds. Both are written in the transaction that writes the table itself.

    log_columns: the var of this name: the columns of each log -#}
{% macro landing_tables(log_columns) %}
{%- for log, columns in log_columns.items() %}
create table if not exists landed_{{ log }} (
    file_id integer not null,
    line_number integer not null,
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
create table if not exists unloaded_search_id (
    log text not null,
    file_id integer not null,
    search_id text
);
create table if not exists build_record (
    model_name text not null primary key,
    code_fingerprint text
);
create table if not exists built_file (
    model_name text not null,
    log text not null,
    file_id integer not null,
    primary key (model_name, log, file_id)
);
{% endmacro %}
