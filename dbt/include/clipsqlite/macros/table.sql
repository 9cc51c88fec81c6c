{#- dbt-sqlite drops the old table before its transaction begins, so a failing model
    loses it. Here drop, create, fill and hooks are one transaction: any failure, even a
    kill -9, keeps the previous table.

    The new table is not built under another name and renamed: SQLite rejects a rename
    while any view of the database refers to a table that does not exist. -#}
{% materialization table, adapter='clipsqlite' %}
    {%- set target_relation = this.incorporate(type='table') -%}

    {{ run_hooks(pre_hooks, inside_transaction=False) }}
    {{ run_hooks(pre_hooks, inside_transaction=True) }}

    {%- do clipsqlite__replace_table(target_relation, sql) -%}

    {{ run_hooks(post_hooks, inside_transaction=True) }}
    {{ adapter.commit() }}
    {{ run_hooks(post_hooks, inside_transaction=False) }}

    {{ return({'relations': [target_relation]}) }}
{% endmaterialization %}

{#- Drops the old table, or a view of that name, and fills the new one. -#}
{% macro clipsqlite__replace_table(relation, sql) %}
    {%- do drop_inside_transaction(load_cached_relation(this)) -%}
    {%- do fill_new_table(relation, sql) -%}
{% endmacro %}

{#- Unlike dbt-sqlite's drop_relation, this begins a transaction if none is open. -#}
{% macro drop_inside_transaction(relation) %}
    {%- if relation is not none -%}
        {%- call statement('drop_old', auto_begin=True) -%}
            drop {{ relation.type }} if exists {{ relation }}
        {%- endcall -%}
    {%- endif -%}
{% endmacro %}

{#- Creates and fills the table: from the contract if one is enforced, so that SQLite
    itself rejects a NULL or a value of the wrong type, else from the query. -#}
{% macro fill_new_table(relation, sql) %}
    {%- if config.get('contract').enforced -%}
        {%- do assert_contract_columns(relation, sql) -%}
        {%- set column_names = model['columns'].keys() | join(', ') -%}
        {#- SQLite's name for a floating-point number of eight bytes. -#}
        {%- for column in model['columns'].values() if column.data_type == 'double' -%}
            {%- do column.update({'data_type': 'real'}) -%}
        {%- endfor -%}
        {%- call statement('create_table') -%}
            create table {{ relation }} {{ table_columns_and_constraints() }} strict
        {%- endcall -%}
        {%- call statement('main') -%}
            insert into {{ relation }} ({{ column_names }})
            select {{ column_names }} from ({{ sql }}
            ) as contracted
        {%- endcall -%}
    {%- else -%}
        {%- call statement('main') -%}
            {{ create_table_as(False, relation, sql) }}
        {%- endcall -%}
    {%- endif -%}
{% endmacro %}
