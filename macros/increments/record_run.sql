{#- Records that every table was built and tested without a failure, with the fingerprint
    that `clip-search run` passes. Runs after every dbt command, and does nothing for
    one that `clip-search run` did not start.

    results: dbt's results of all nodes -#}
{% macro record_run(results) %}
    {%- set fingerprint = dbt_metadata_envs.get('CLIP_SEARCH_RUN') -%}
    {%- set succeeded = ['success', 'pass', 'warn', 'no-op'] -%}
    {%- set failed = (results or []) | rejectattr('status', 'in', succeeded) | list -%}
    {%- if execute and fingerprint and flags.WHICH == 'build' and not failed -%}
        {%- do write_statement(
            "insert into run_record (fingerprint, finished_at) values ('" ~ fingerprint
            ~ "', '" ~ modules.datetime.datetime.utcnow().strftime('%Y-%m-%dT%H:%M:%SZ')
            ~ "')"
        ) -%}
        {%- do adapter.commit() -%}
    {%- endif -%}
{% endmacro %}

{#- Deletes the record of the last run, if there is one: from here on, tables may change.
    Runs before every dbt command, and does nothing for one that only reads them. -#}
{% macro forget_run() %}
    {%- if execute and flags.WHICH not in ('generate', 'compile', 'show', 'test') -%}
        {%- set recorded = run_query('select count(*) from run_record') -%}
        {%- if recorded.rows[0][0] | int > 0 -%}
            {%- do empty_table('run_record') -%}
            {%- do adapter.commit() -%}
        {%- endif -%}
    {%- endif -%}
{% endmacro %}
