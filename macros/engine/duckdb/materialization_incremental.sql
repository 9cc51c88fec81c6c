{#- A table that is kept up to date, in one transaction: made anew, or, where the query was
    compiled for an increment, with the affected rows judged again. A table that nothing
    is new about is left alone. -#}
{% materialization incremental, adapter='duckdb' %}
    {%- set target_relation = this.incorporate(type='table') -%}
    {%- set may_keep_rows = is_increment() -%}

    {{ run_hooks(pre_hooks, inside_transaction=False) }}

    {%- if may_keep_rows and has_nothing_pending() -%}
        {%- call noop_statement('main', 'nothing new', 'nothing new', 0) -%}
        {%- endcall -%}
    {%- else -%}
        {{ run_hooks(pre_hooks, inside_transaction=True) }}
        {%- do forget_build() -%}
        {%- if 'affected_' in sql -%}
            {%- do judge_affected_again(target_relation, sql) -%}
        {%- else -%}
            {%- if not may_keep_rows -%}
                {%- do say_why_all_anew() -%}
            {%- endif -%}
            {%- do write_statement('drop table if exists ' ~ target_relation) -%}
            {%- call statement('main') -%}
                {{ create_table_as(False, target_relation, sql) }}
            {%- endcall -%}
        {%- endif -%}
        {%- do record_files() -%}
        {{ run_hooks(post_hooks, inside_transaction=True) }}
        {{ adapter.commit() }}
    {%- endif -%}

    {{ run_hooks(post_hooks, inside_transaction=False) }}
    {{ return({'relations': [target_relation]}) }}
{% endmaterialization %}
