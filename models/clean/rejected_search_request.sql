-- One row per rejected raw search request: what was logged, redacted, and why it is not
-- in the clean table.

with rejected as (
    select
        file_id,
        line_number,
        reject_reason
    from {{ ref('int_search_request_checked') }}
    where outcome = 'rejected'
),

logged as (
    select
        file_id,
        line_number,
        logged_search_id,
        logged_search_query,
        logged_ts,
        logged_cuid,
        logged_total,
        logged_malformed_line
    from {{ ref('stg_search_request') }}
),

rejected_search_request as (
    select
        logged.logged_search_id as search_id,
        logged.logged_search_query as search_query,
        logged.logged_ts as ts,
        logged.logged_cuid as cuid,
        logged.logged_total as total,
        logged.logged_malformed_line as malformed_line,
        rejected.reject_reason
    from rejected
    inner join logged
        on
            rejected.file_id = logged.file_id
            and rejected.line_number = logged.line_number
)

select * from rejected_search_request
