{#- A table that is kept up to date, in one transaction: made anew, or, where the query was
    compiled for an increment, with the affected rows judged again. A table that nothing
    is new about is left alone. -#}
{% materialization incremental, adapter='sqlite' %}
    {%- set target_relation = this.incorporate(type='table') -%}
    {%- set may_keep_rows = is_increment() -%}

    {{ run_hooks(pre_hooks, inside_transaction=False) }}

    {%- if may_keep_rows and has_nothing_pending() -%}
        {%- call noop_statement('main', 'nothing new', 'nothing new', 0) -%}
        {%- endcall -%}
    {%- else -%}
        {{ run_hooks(pre_hooks, inside_transaction=True) }}
        {#- Writing comes first, so that a second writer waits here and not halfway. -#}
        {%- do forget_build() -%}
        {%- if 'affected_' in sql -%}
            {%- do judge_affected_again(target_relation, sql) -%}
        {%- else -%}
            {%- if not may_keep_rows -%}
                {%- do say_why_all_anew() -%}
            {%- endif -%}
            {%- do drop_inside_transaction(load_cached_relation(this)) -%}
            {%- do fill_new_table(target_relation, sql) -%}
        {%- endif -%}
        {%- do record_files() -%}
        {{ run_hooks(post_hooks, inside_transaction=True) }}
        {{ adapter.commit() }}
    {%- endif -%}

    {{ run_hooks(post_hooks, inside_transaction=False) }}
    {{ return({'relations': [target_relation]}) }}
{% endmaterialization %}

{#- Puts the affected rows of a table right. They are computed before any is deleted: the
    query may read the table itself, and may return rows of search_ids that only follow
    from the affected ones. -#}
{% macro judge_affected_again(relation, sql) %}
    {%- do find_affected(sql) -%}
    {%- do write_statement('drop table if exists temp.judged_again') -%}
    {%- call statement('main') -%}
        create temporary table judged_again as {{ sql }}
    {%- endcall -%}
    {%- for source in ['affected_search_id', 'judged_again'] -%}
        {%- do write_statement(
            'delete from ' ~ relation
            ~ ' where search_id in (select search_id from ' ~ source ~ ')'
        ) -%}
    {%- endfor -%}
    {%- set log_name = config.get('meta', {}).get('log') -%}
    {%- if log_name -%}
        {%- do write_statement(
            'delete from ' ~ relation ~ ' where search_id is null and file_id in'
            ~ " (select file_id from pending_file where log = '" ~ log_name ~ "')"
        ) -%}
    {%- endif -%}
    {%- set column_names = adapter.get_columns_in_relation(relation)
        | map(attribute='name') | join(', ') -%}
    {%- do write_statement(
        'insert into ' ~ relation ~ ' (' ~ column_names ~ ') select ' ~ column_names
        ~ ' from judged_again'
    ) -%}
{% endmacro %}
