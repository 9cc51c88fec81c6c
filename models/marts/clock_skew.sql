-- One row per UTC day on which a click came before its search: how many did, how many
-- of them too early to be accepted, and by how much. A steady rise means that the
-- clocks of the two logs drift apart.

with clock_skew as (
    select
        substr(ts, 1, 10) as log_day,
        count(*) as early_click_count,
        sum(case when outcome = 'rejected' then 1 else 0 end) as rejected_click_count,
        -max(seconds_after_search) as smallest_skew_seconds,
        -min(seconds_after_search) as largest_skew_seconds
    from {{ ref('int_search_result_interaction_checked') }}
    where
        seconds_after_search < 0
        and (outcome = 'clean' or reject_reason = 'click_before_search')
    group by substr(ts, 1, 10)
)

select * from clock_skew
