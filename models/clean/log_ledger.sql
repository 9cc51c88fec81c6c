{{ config(follows='clean_search_result_interaction', refresh='everything') }}

-- One row per log, outcome and reject reason: how many raw rows there were, and which
-- bucket they ended in. For each log, raw = clean + folded + waiting + rejected.
--
-- Each count comes from the table that it describes, never from another table: so a row
-- that gets lost unbalances the ledger. (`<> 'clean'` lets an index count the folded
-- rows.)
--
-- Most sites do not log what they show. That log has rows only if it is not empty.

with raw_row as (
    select
        'search_request' as log,
        'raw' as outcome,
        null as reject_reason,
        count(*) as row_count
    from {{ rows_taken_in(
        raw_rows('search_request'), 'search_request', 'clean_search_request'
    ) }}
    union all
    select
        'search_result_interaction' as log,
        'raw' as outcome,
        null as reject_reason,
        count(*) as row_count
    from {{ rows_taken_in(
        raw_rows('search_result_interaction'),
        'search_result_interaction',
        'clean_search_result_interaction'
    ) }}
),

clean_row as (
    select
        'search_request' as log,
        'clean' as outcome,
        null as reject_reason,
        count(*) as row_count
    from {{ ref('clean_search_request') }}
    union all
    select
        'search_result_interaction' as log,
        'clean' as outcome,
        null as reject_reason,
        count(*) as row_count
    from {{ ref('clean_search_result_interaction') }}
),

folded_row as (
    select
        'search_request' as log,
        'folded' as outcome,
        null as reject_reason,
        count(*) as row_count
    from {{ ref('int_search_request_checked') }}
    where outcome <> 'clean' and outcome = 'folded'
    union all
    select
        'search_result_interaction' as log,
        'folded' as outcome,
        null as reject_reason,
        count(*) as row_count
    from {{ ref('int_search_result_interaction_checked') }}
    where outcome <> 'clean' and outcome = 'folded'
),

rejected_row as (
    select
        'search_request' as log,
        'rejected' as outcome,
        reject_reason,
        count(*) as row_count
    from {{ ref('rejected_search_request') }}
    group by reject_reason
    union all
    select
        'search_result_interaction' as log,
        'rejected' as outcome,
        reject_reason,
        count(*) as row_count
    from {{ ref('rejected_search_result_interaction') }}
    group by reject_reason
),

waiting_row as (
    select
        'search_result_interaction' as log,
        'waiting' as outcome,
        null as reject_reason,
        count(*) as row_count
    from {{ ref('waiting_search_result_interaction') }}
),

shown_row as (
    select
        'search_result_shown' as log,
        'raw' as outcome,
        null as reject_reason,
        count(*) as row_count
    from {{ rows_taken_in(
        raw_rows('search_result_shown'),
        'search_result_shown',
        'clean_search_result_shown'
    ) }}
    union all
    select
        'search_result_shown' as log,
        'clean' as outcome,
        null as reject_reason,
        count(*) as row_count
    from {{ ref('clean_search_result_shown') }}
    union all
    select
        'search_result_shown' as log,
        'folded' as outcome,
        null as reject_reason,
        count(*) as row_count
    from {{ ref('int_search_result_shown_checked') }}
    where outcome <> 'clean' and outcome = 'folded'
    union all
    select
        'search_result_shown' as log,
        'rejected' as outcome,
        reject_reason,
        count(*) as row_count
    from {{ ref('rejected_search_result_shown') }}
    group by reject_reason
),

log_ledger as (
    select * from raw_row
    union all
    select * from clean_row
    union all
    select * from folded_row
    union all
    select * from waiting_row
    union all
    select * from rejected_row
    union all
    select * from shown_row
    where row_count > 0
)

select * from log_ledger
