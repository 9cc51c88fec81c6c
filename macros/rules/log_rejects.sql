{#- Writes to the run's log which reject rules fired: rule, count and share of the rows.

    checked: the checked relation of a log, which was just built -#}
{% macro log_rejects(checked) %}
    {%- if execute -%}
        {%- set log_name = checked.identifier[4:-8] -%}
        {%- set raw_count = run_query('select count(*) from ' ~ checked).rows[0][0] -%}
        {%- set counted = run_query(
            "select reject_reason, count(*) as row_count from " ~ checked
            ~ " where outcome <> 'clean' and outcome = 'rejected'"
            ~ " group by reject_reason order by row_count desc, reject_reason"
        ) -%}
        {%- for row in counted.rows -%}
            {%- do log(
                log_name ~ ': ' ~ row['reject_reason'] ~ ' rejected '
                ~ row['row_count'] | int ~ ' rows, '
                ~ '%.2f' | format(100 * (row['row_count'] | int) / (raw_count | int))
                ~ ' % of the log',
                info=true
            ) -%}
        {%- endfor -%}
    {%- endif -%}
{% endmacro %}
