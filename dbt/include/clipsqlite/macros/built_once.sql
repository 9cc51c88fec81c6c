{#- A table in the file of public words, which warehouses share. The file's name depends
    on everything that the table is built from, so an existing table is never old. -#}
{% materialization built_once, adapter='clipsqlite' %}
    {%- set target_relation = this.incorporate(type='table') -%}

    {%- if load_cached_relation(this) is not none and not should_full_refresh() -%}
        {%- call noop_statement('main', 'exists', 'exists', 0) -%}
        {%- endcall -%}
    {%- else -%}
        {#- Another warehouse's run may have built it in the meantime. -#}
        {%- do drop_inside_transaction(target_relation) -%}
        {%- do fill_new_table(target_relation, sql) -%}
        {{ run_hooks(post_hooks, inside_transaction=True) }}
        {{ adapter.commit() }}
    {%- endif -%}

    {{ return({'relations': [target_relation]}) }}
{% endmaterialization %}
