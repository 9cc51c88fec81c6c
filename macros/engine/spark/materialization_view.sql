{#- A view, but for the staged rows: Spark would compute a view anew for each model that
    reads it, and redacting is the dearest step of all. They are stored. -#}
{% materialization view, adapter='spark' %}
    {%- set is_stored = model.fqn[1] == 'staging' -%}
    {%- set target_relation = this.incorporate(type='table' if is_stored else 'view') -%}
    {{ run_hooks(pre_hooks) }}
    {%- if is_stored -%}
        {%- do spark__put_in_place(target_relation, sql) -%}
    {%- else -%}
        {%- call statement('main') -%}
            {{ create_view_as(target_relation, sql) }}
        {%- endcall -%}
    {%- endif -%}
    {{ run_hooks(post_hooks) }}
    {{ return({'relations': [target_relation]}) }}
{% endmaterialization %}
