{#- How a statement waits when somebody else writes to the same database.
    SQLite has one writer: wait for it a while instead of failing at once. -#}
{% macro wait_for_writer() %}
    {{- return(adapter.dispatch('wait_for_writer', 'clip_search')()) -}}
{% endmacro %}

{% macro sqlite__wait_for_writer() %}
    {{- return('pragma busy_timeout = ' ~ 1000 * var('wait_for_writer_seconds')) -}}
{% endmacro %}

{#- DuckDB's file belongs to one process at a time: who comes second waits when it opens it
    (`retries` in profiles.yml). -#}
{% macro duckdb__wait_for_writer() %}{% endmacro %}

{#- Of a table on Spark, who writes last wins: runs must not overlap (docs/engines.md). -#}
{% macro spark__wait_for_writer() %}{% endmacro %}
