{{ config(
    contract={'enforced': true},
    post_hook=unique_index(['search_id'])
) }}

-- One row per search: a search_id whose request can be trusted.
--
-- The two clean tables are published together: neither is touched before the tests of
-- both checked logs have passed.
-- depends_on: {{ ref('int_search_result_interaction_checked') }}

with clean_request as (
    select
        search_id,
        search_query,
        ts,
        cuid,
        total,
        utc_offset_minutes,
        is_ts_disputed,
        raw_row_count
    from {{ ref('int_search_request_checked') }}
    where outcome = 'clean'
),

-- More searches in a day than a person types: a crawler, a monitor, a shared account.
busy_day as (
    select
        cuid,
        substr(ts, 1, 10) as utc_day
    from clean_request
    group by cuid, substr(ts, 1, 10)
    having count(*) > {{ var('automated_searches_per_day') }}
),

automated_user as (
    select distinct cuid from busy_day
),

clean_search_request as (
    select
        clean_request.search_id,
        clean_request.search_query,
        clean_request.ts,
        clean_request.cuid,
        clean_request.total,
        {{ normalize_query_text('clean_request.search_query') }} as query_text,
        {{ classify_query('clean_request.search_query') }} as query_kind,
        clean_request.utc_offset_minutes,
        clean_request.is_ts_disputed,
        clean_request.raw_row_count,
        case when automated_user.cuid is not null then 1 else 0 end as is_automated
    from clean_request
    left join automated_user
        on clean_request.cuid = automated_user.cuid
)

select * from clean_search_request
