{#- A row has a reason if and only if it was rejected. -#}
{% test reject_reason_iff_rejected(model) %}
select
    file_id,
    line_number,
    outcome,
    reject_reason
from {{ model }}
where (outcome = 'rejected') <> (reject_reason is not null)
{% endtest %}
