{#- Fails a model whose query does not return exactly the columns of its contract.
    SQLite gives the columns of a view without running its query. -#}
{% macro assert_contract_columns(relation, sql) %}
    {%- set probe = 'temp.' ~ relation.identifier ~ '__contract_probe' -%}
    {%- call statement('create_probe') -%}
        create view {{ probe }} as {{ sql }}
    {%- endcall -%}
    {%- set probed = run_query(
        "select name from pragma_table_info('"
        ~ relation.identifier ~ "__contract_probe')"
    ) -%}
    {%- call statement('drop_probe') -%}
        drop view {{ probe }}
    {%- endcall -%}
    {%- set returned = probed.columns[0].values() | list -%}
    {%- set agreed = model['columns'].keys() | list -%}
    {%- set missing = agreed | reject('in', returned) | join(', ') -%}
    {%- set unknown = returned | reject('in', agreed) | join(', ') -%}
    {%- if missing or unknown -%}
        {%- do exceptions.raise_compiler_error(
            'The contract of ' ~ relation.identifier ~ ' is broken: missing columns ['
            ~ missing ~ '], columns not in the contract [' ~ unknown
            ~ ']. Change the query, or the columns in its .yml.'
        ) -%}
    {%- endif -%}
{% endmacro %}
