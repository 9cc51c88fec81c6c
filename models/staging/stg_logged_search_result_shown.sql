{{ config(materialized='ephemeral') }}

-- One row per raw shown result, as it was logged. It may hold personal data, so it is
-- part of the statements that read it, and never a table or view of its own.

with stg_logged_search_result_shown as (
    {{ raw_log('search_result_shown') }}
)

select * from stg_logged_search_result_shown
