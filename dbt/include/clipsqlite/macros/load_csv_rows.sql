{#- Loads a seed with one bound JSON text per chunk instead of one bound variable per
    value: twenty times faster, and within the variable limit of every SQLite build.
    Values are inserted as text; a column's declared type makes them numbers. -#}
{% macro clipsqlite__load_csv_rows(model, agate_table) %}
    {%- set column_names = get_seed_column_quoted_csv(model, agate_table.column_names) -%}
    {%- set insert_chunk -%}
        insert into {{ this }} ({{ column_names }})
        select
            {%- for _ in agate_table.column_names %}
            json_extract(value, '$[{{ loop.index0 }}]'){{ ',' if not loop.last }}
            {%- endfor %}
        from json_each(?)
    {%- endset -%}
    {%- for chunk in agate_table.rows | batch(10000) -%}
        {%- set values = [] -%}
        {%- for row in chunk -%}
            {%- set row_values = [] -%}
            {%- for value in row.values() -%}
                {%- do row_values.append(value if value is none else value | string) -%}
            {%- endfor -%}
            {%- do values.append(row_values) -%}
        {%- endfor -%}
        {%- do adapter.add_query(
            insert_chunk, bindings=[tojson(values)], abridge_sql_log=True
        ) -%}
    {%- endfor -%}
    {{ return(insert_chunk) }}
{% endmacro %}
