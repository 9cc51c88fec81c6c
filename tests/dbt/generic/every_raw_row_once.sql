{#- Every staged row is judged, and nothing else is: with (file_id, line_number) unique in
    both, as many rows on either side and none judged that is not staged say just that. -#}
{% test every_raw_row_once(model, staged) %}
with unknown_row as (
    select
        file_id,
        line_number
    from {{ model }}
    except
    select
        file_id,
        line_number
    from {{ staged }}
),

unjudged_row as (
    select
        file_id,
        line_number
    from {{ staged }}
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
