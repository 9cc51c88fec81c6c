{{ config(materialized='view') }}

-- One row per rejected raw shown result: what was logged, redacted, and why it
-- is not in the clean table. File and line are left out, so that the same logs give
-- the same rows however they were loaded.

with rejected_search_result_shown as (
    select
        logged_search_id as search_id,
        logged_cid as cid,
        logged_position as position,
        malformed_line,
        reject_reason
    from {{ ref('int_search_result_shown_rejected') }}
)

select * from rejected_search_result_shown
