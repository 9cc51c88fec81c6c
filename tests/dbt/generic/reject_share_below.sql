{#- No reject rule takes more than this share of the log. If every tenth row
    suddenly breaks a rule, users did not become careless: something changed upstream.

    largest_share: a share from 0 to 1
    waits_for: for clicks, the checked requests: those whose search may still arrive,
        or that were loaded less than orphan_wait_hours ago, are not counted -#}
{% test reject_share_below(model, largest_share, waits_for=none) %}
with rule_share as (
    select
        reject_reason,
        count(*) as rejected_row_count,
        1.0 * count(*) / (select count(*) from {{ model }}) as rejected_share
    from {{ model }}
    where
        outcome = 'rejected'
        {%- if waits_for %}
        {%- set searches = '(select ts from ' ~ waits_for ~ " where outcome = 'clean')" %}
        and not ({{ is_waiting_click(searches ~ ' as clean_search') }})
        {#- Named without source(): the clean tables would not depend on this test then. #}
        and not (
            reject_reason = 'orphan_click'
            and file_id in (
                select file_id
                from load_record
                where
                    log = 'search_result_interaction'
                    and loaded_at >= '{{ hours_ago(var("orphan_wait_hours")) }}'
            )
        )
        {%- endif %}
    group by reject_reason
)

select
    reject_reason,
    rejected_row_count,
    rejected_share
from rule_share
where rejected_share > {{ largest_share }}
{% endtest %}
