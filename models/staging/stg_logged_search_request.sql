{{ config(materialized='ephemeral') }}

-- One row per raw search request, as it was logged. It holds personal data, so it is
-- part of the statements that read it, and never a table or view of its own.

with stg_logged_search_request as (
    {{ raw_log('search_request') }}
)

select * from stg_logged_search_request
