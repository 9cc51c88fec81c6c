{#- Fails a model whose query does not return exactly the columns of its contract. Unlike
    dbt's own check it ignores types: the insert casts values to those of the contract,
    and DuckDB gives counts and sums many integer types. -#}
{% macro duckdb__get_assert_columns_equivalent(sql) %}
    {%- set schema = adapter.get_column_schema_from_query(get_empty_subquery_sql(sql)) -%}
    {%- set returned = schema | map(attribute='name') | sort | list -%}
    {%- set agreed = model['columns'].keys() | sort | list -%}
    {%- if returned != agreed -%}
        {%- do exceptions.raise_compiler_error(
            'The contract of ' ~ model.name ~ ' is broken: its columns are ' ~ agreed
            ~ ', the query returns ' ~ returned
        ) -%}
    {%- endif -%}
{% endmacro %}
