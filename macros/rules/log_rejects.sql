{#- Says in the run's log which reject rules fired: rule, count and share of the log.

    ledger: the log_ledger relation that was just built -#}
{% macro log_rejects(ledger) %}
    {%- if execute -%}
        {%- set fired = run_query(
            "select rejected.log, rejected.reject_reason, rejected.row_count,"
            ~ " 100.0 * rejected.row_count / raw.row_count as percent"
            ~ " from " ~ ledger ~ " as rejected"
            ~ " inner join " ~ ledger ~ " as raw"
            ~ " on rejected.log = raw.log and raw.outcome = 'raw'"
            ~ " where rejected.outcome = 'rejected'"
            ~ " order by rejected.log, rejected.row_count desc, rejected.reject_reason"
        ) -%}
        {%- for row in fired.rows -%}
            {%- do log(
                row['log'] ~ ': ' ~ row['reject_reason'] ~ ' rejected '
                ~ row['row_count'] | int ~ ' rows, '
                ~ '%.2f' | format(row['percent'] | float) ~ ' % of the log',
                info=true
            ) -%}
        {%- endfor -%}
    {%- endif -%}
{% endmacro %}
