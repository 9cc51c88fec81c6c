{#- Exactly the staged rows of the files that the table includes have an outcome.

    staged: the staging relation of the log
    log: 'search_request', 'search_result_interaction' or 'search_result_shown' -#}
{% test every_raw_row_once(model, staged, log) %}
{%- set taken_in = rows_taken_in(staged, log, 'int_' ~ log ~ '_checked') -%}
with unknown_row as (
    select
        file_id,
        line_number
    from {{ model }}
    except
    select
        file_id,
        line_number
    from {{ taken_in }}
),

unjudged_row as (
    select
        file_id,
        line_number
    from {{ taken_in }}
    except
    select
        file_id,
        line_number
    from {{ model }}
)

select * from unknown_row
union all
select * from unjudged_row
{% endtest %}
