{#- The raw_row_count of each clean row counts the row itself and the rows folded into
    it, and every folded row belongs to a clean row.

    column_names: what a clean row and the rows folded into it have in common -#}
{% test folded_into_clean_row(model, column_names) %}
select
    {{ column_names | join(', ') }},
    count(*) as counted_row_count,
    max(raw_row_count) as claimed_row_count
from {{ model }}
where outcome in ('clean', 'folded')
group by {{ column_names | join(', ') }}
having max(raw_row_count) is null or count(*) <> max(raw_row_count)
{% endtest %}
