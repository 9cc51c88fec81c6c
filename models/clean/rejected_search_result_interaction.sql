{{ config(materialized='view') }}

-- One row per rejected raw click: what was logged, redacted, and why it
-- is not in the clean table. File and line are left out, so that the same logs give
-- the same rows however they were loaded. Clicks that wait for their search are in
-- waiting_search_result_interaction.

with rejected_search_result_interaction as (
    select
        logged_search_id as search_id,
        logged_ts as ts,
        logged_cid as cid,
        logged_position as position,
        malformed_line,
        reject_reason
    from {{ ref('int_search_result_interaction_rejected') }}
    where not ({{ is_waiting_click(ref('clean_search_request')) }})
)

select * from rejected_search_result_interaction
