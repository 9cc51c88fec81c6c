{#- dbt-sqlite drops the old view before its transaction begins. Here drop and create
    are one transaction, so that the view is never missing for a reader.

    The view refers to its tables without the schema: SQLite cannot attach a database
    under another name if a view in it says `main`. -#}
{% materialization view, adapter='clipsqlite' %}
    {%- set old_relation = load_cached_relation(this) -%}
    {%- set target_relation = this.incorporate(type='view') -%}

    {{ run_hooks(pre_hooks, inside_transaction=False) }}
    {{ run_hooks(pre_hooks, inside_transaction=True) }}

    {%- do drop_inside_transaction(old_relation) -%}
    {%- if config.get('contract').enforced -%}
        {%- do assert_contract_columns(target_relation, sql) -%}
    {%- endif -%}
    {%- call statement('main') -%}
        create view {{ target_relation }} as {{ sql | replace(schema ~ '."', '"') }}
    {%- endcall -%}

    {{ run_hooks(post_hooks, inside_transaction=True) }}
    {{ adapter.commit() }}
    {{ run_hooks(post_hooks, inside_transaction=False) }}

    {{ return({'relations': [target_relation]}) }}
{% endmaterialization %}
