-- One row per rejected raw click: what was logged, redacted, and why it is not in the
-- clean table.

with rejected as (
    select
        file_id,
        line_number,
        reject_reason
    from {{ ref('int_search_result_interaction_checked') }}
    where outcome = 'rejected'
),

logged as (
    select
        file_id,
        line_number,
        logged_search_id,
        logged_ts,
        logged_cid,
        logged_position,
        logged_malformed_line
    from {{ ref('stg_search_result_interaction') }}
),

rejected_search_result_interaction as (
    select
        logged.logged_search_id as search_id,
        logged.logged_ts as ts,
        logged.logged_cid as cid,
        logged.logged_position as position,
        logged.logged_malformed_line as malformed_line,
        rejected.reject_reason
    from rejected
    inner join logged
        on
            rejected.file_id = logged.file_id
            and rejected.line_number = logged.line_number
)

select * from rejected_search_result_interaction
