{#- A table that is brought up to date with the loads in one transaction: built from all
    rows or, if `is_partial_build` allows it, only with the affected rows recomputed. A
    table without pending files is left alone.

    Its config:
    - follows: the model whose files this table contains too; without it, the loads;
    - log: the log whose rows the table contains one by one;
    - passes_through: the log whose passed-through columns the contract includes;
    - refresh: what is recomputed if there are pending files:
      `search_ids`: all rows of the affected search_ids, and the log's rows without a
      search_id in the pending files; `files`: the rows of the pending files;
      `everything`: the whole table. -#}
{% materialization kept_up_to_date, default %}
    {%- set target_relation = this.incorporate(type='table') -%}
    {%- set refresh = config.require('refresh') -%}
    {%- set is_partial = is_partial_build() -%}
    {%- do add_passed_through_to_contract() -%}

    {{ run_hooks(pre_hooks, inside_transaction=False) }}

    {%- if is_partial and has_nothing_pending() -%}
        {%- call noop_statement('main', 'nothing new', 'nothing new', 0) -%}
        {%- endcall -%}
    {%- else -%}
        {{ run_hooks(pre_hooks, inside_transaction=True) }}
        {#- The first statement writes: a second writer waits here and not halfway. -#}
        {%- do forget_build() -%}
        {%- if not is_partial -%}
            {%- do log_full_build() -%}
        {%- endif -%}
        {%- if is_partial and refresh in ('search_ids', 'files') -%}
            {%- do refresh_rows(target_relation, sql, refresh) -%}
        {%- else -%}
            {%- do adapter.dispatch('replace_table')(target_relation, sql) -%}
        {%- endif -%}
        {%- do record_files() -%}
        {{ run_hooks(post_hooks, inside_transaction=True) }}
        {%- do adapter.commit() -%}
    {%- endif -%}

    {{ run_hooks(post_hooks, inside_transaction=False) }}
    {{ return({'relations': [target_relation]}) }}
{% endmaterialization %}

{#- Replaces the affected rows of a table. The new rows are computed before any row is
    deleted: the query may read the table itself, and may return rows of further search_ids
    that the affected ones change.

    relation: the table
    sql: the model's query, compiled for a partial build
    refresh: `search_ids` or `files` -#}
{% macro refresh_rows(relation, sql, refresh) %}
    {%- do replace_temporary(
        'pending_file', files_that_matter() if refresh == 'search_ids' else pending_files()
    ) -%}
    {%- set of_log = "(select file_id from pending_file where log = '"
        ~ config.get('log', '') ~ "')" -%}
    {%- if refresh == 'search_ids' -%}
        {%- do replace_temporary('affected_search_id', affected_search_ids()) -%}
    {%- endif -%}
    {%- do write_statement('drop table if exists temp.recomputed') -%}
    {%- call statement('main') -%}
        create temporary table recomputed as {{ sql }}
    {%- endcall -%}
    {%- set column_names = adapter.get_columns_in_relation(relation)
        | map(attribute='name') | list -%}
    {%- set outdated = [] -%}
    {%- if refresh == 'files' -%}
        {%- do outdated.append('file_id in ' ~ of_log) -%}
        {%- if 'search_id' in column_names -%}
            {%- do index_staged_rows() -%}
        {%- endif -%}
    {%- else -%}
        {%- do outdated.append('search_id in (select search_id from affected_search_id)') -%}
        {%- do outdated.append('search_id in (select search_id from recomputed)') -%}
        {%- if config.get('log') -%}
            {%- do outdated.append('search_id is null and file_id in ' ~ of_log) -%}
        {%- endif -%}
    {%- endif -%}
    {%- for condition in outdated -%}
        {%- do write_statement('delete from ' ~ relation ~ ' where ' ~ condition) -%}
    {%- endfor -%}
    {%- set named = column_names | join(', ') -%}
    {%- do write_statement(
        'insert into ' ~ relation ~ ' (' ~ named ~ ') select ' ~ named
        ~ ' from recomputed'
    ) -%}
{% endmacro %}

{#- Creates an index on search_id if the engine has indexes. Only partial builds look up
    staged rows, so the first one after a full refresh creates it. -#}
{% macro index_staged_rows() %}
    {%- set create_index = index_for_lookup(['search_id']) | trim -%}
    {%- if create_index -%}
        {%- do write_statement(create_index) -%}
    {%- endif -%}
{% endmacro %}

{#- Replaces a temporary table by the rows of a query. -#}
{% macro replace_temporary(name, sql) %}
    {%- do write_statement('drop table if exists temp.' ~ name) -%}
    {%- do write_statement('create temporary table ' ~ name ~ ' as ' ~ sql) -%}
{% endmacro %}

{#- Replaces a table, or a view of the same name, with the rows of a query in the open
    transaction. -#}
{% macro default__replace_table(relation, sql) %}
    {%- set old_relation = load_cached_relation(this) -%}
    {%- if old_relation is not none -%}
        {%- do write_statement('drop ' ~ old_relation.type ~ ' if exists ' ~ old_relation) -%}
    {%- endif -%}
    {%- call statement('main') -%}
        {{ create_table_as(False, relation, sql) }}
    {%- endcall -%}
{% endmacro %}
