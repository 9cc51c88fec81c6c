{#- Says in the run's log which reject rules fired on a log: rule, count and share.

    checked: the checked relation of the log, which was just built -#}
{% macro log_rejects(checked) %}
    {%- if execute -%}
        {%- set log_name = checked.identifier[4:-8] -%}
        {%- set counted = run_query(
            "select reject_reason, count(*) as row_count from " ~ checked
            ~ " group by reject_reason order by row_count desc, reject_reason"
        ) -%}
        {%- set raw_count = counted.columns['row_count'].values() | map('int') | sum -%}
        {%- for row in counted.rows if row['reject_reason'] is not none -%}
            {%- do log(
                log_name ~ ': ' ~ row['reject_reason'] ~ ' rejected '
                ~ row['row_count'] | int ~ ' rows, '
                ~ '%.2f' | format(100 * (row['row_count'] | int) / raw_count)
                ~ ' % of the log',
                info=true
            ) -%}
        {%- endfor -%}
    {%- endif -%}
{% endmacro %}
