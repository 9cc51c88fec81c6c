{{ config(materialized='view') }}

-- One row per rejected raw search request: what was logged, redacted, and why it
-- is not in the clean table. File and line are left out, so that the same logs give
-- the same rows however they were loaded.

with rejected_search_request as (
    select
        logged_search_id as search_id,
        logged_search_query as search_query,
        logged_ts as ts,
        logged_cuid as cuid,
        logged_total as total,
        malformed_line,
        reject_reason
    from {{ ref('int_search_request_rejected') }}
)

select * from rejected_search_request
