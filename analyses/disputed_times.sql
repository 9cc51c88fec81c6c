-- Searches that were logged at more than one time: the logged times, the first click,
-- and how it was resolved. For manual review.

with claimed as (
    select
        search_id,
        count(distinct ts) as distinct_times,
        min(ts) as earliest_ts,
        max(ts) as latest_ts,
        max(is_ts_disputed) as is_ts_disputed
    from {{ ref('int_search_request_checked') }}
    where outcome in ('clean', 'folded')
    group by search_id
    having count(distinct ts) > 1
),

first_click as (
    select
        search_id,
        min(ts) as first_click_at
    from {{ ref('clean_search_result_interaction') }}
    group by search_id
),

disputed_times as (
    select
        claimed.search_id,
        clean_request.search_query,
        claimed.distinct_times,
        claimed.earliest_ts,
        claimed.latest_ts,
        first_click.first_click_at,
        clean_request.ts as settled_ts,
        claimed.is_ts_disputed
    from claimed
    inner join {{ ref('clean_search_request') }} as clean_request
        on claimed.search_id = clean_request.search_id
    left join first_click
        on claimed.search_id = first_click.search_id
)

select * from disputed_times
order by is_ts_disputed desc, search_id asc
