{{ config(materialized='ephemeral') }}

-- One row per raw click on a search result, as it was logged. It holds personal data,
-- so it is part of the statements that read it, and never a table or view of its own.

with stg_logged_search_result_interaction as (
    {{ raw_log('search_result_interaction') }}
)

select * from stg_logged_search_result_interaction
