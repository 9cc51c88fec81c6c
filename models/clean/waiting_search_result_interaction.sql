{{ config(materialized='view') }}

-- One row per raw click that waits for its search: the searches that are loaded end too
-- early to say that it has none. It becomes clean when its search arrives, and
-- an orphan_click when later searches arrive without it.

with waiting_search_result_interaction as (
    select
        logged_search_id as search_id,
        logged_ts as ts,
        logged_cid as cid,
        logged_position as position
    from {{ ref('int_search_result_interaction_rejected') }}
    where {{ is_waiting_click(ref('clean_search_request')) }}
)

select * from waiting_search_result_interaction
