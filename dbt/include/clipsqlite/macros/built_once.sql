{#- A table in the file of public words, which warehouses share. The file's name depends
    on everything that the table is built from, so an existing table is never old.

    The first statement writes: SQLite lets it wait while another warehouse's run builds
    the table. After a read in the same transaction it would fail at once. -#}
{% materialization built_once, adapter='clipsqlite' %}
    {%- set target_relation = this.incorporate(type='table') -%}
    {%- set is_rebuilt = should_full_refresh() -%}

    {%- if load_cached_relation(this) is not none and not is_rebuilt -%}
        {%- call noop_statement('main', 'exists', 'exists', 0) -%}
        {%- endcall -%}
    {%- else -%}
        {%- call statement('lock', auto_begin=True) -%}
            pragma {{ this.schema }}.user_version = 1
        {%- endcall -%}
        {%- set found = run_query(
            "select count(*) from " ~ this.schema ~ ".sqlite_master where name = '"
            ~ this.identifier ~ "'"
        ) -%}
        {%- if found.rows[0][0] | int > 0 and not is_rebuilt -%}
            {%- call noop_statement('main', 'exists', 'exists', 0) -%}
            {%- endcall -%}
        {%- else -%}
            {%- do drop_inside_transaction(target_relation) -%}
            {%- do fill_new_table(target_relation, sql) -%}
            {{ run_hooks(post_hooks, inside_transaction=True) }}
        {%- endif -%}
        {{ adapter.commit() }}
    {%- endif -%}

    {{ return({'relations': [target_relation]}) }}
{% endmaterialization %}
