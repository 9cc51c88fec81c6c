{{ config(post_hook=[unique_index(['search_id']), index_for_lookup(['session_id'])]) }}

-- One row per search by a person with an undisputed time, with its session: searches by
-- one user, each at most session_gap_seconds after the previous one.

with search as (
    select
        search_id,
        cuid,
        ts,
        query_text,
        query_kind,
        lag(ts) over (partition by cuid order by ts, search_id) as previous_ts
    from {{ ref('clean_search_request') }}
    where
        is_automated = 0
        and is_ts_disputed = 0
        and ts < '{{ var("learn_until") }}'
),

session_start_marked as (
    select
        search_id,
        cuid,
        ts,
        query_text,
        query_kind,
        case
            when previous_ts is null then 1
            when
                {{ milliseconds_between('previous_ts', 'ts') }}
                > 1000 * {{ var('session_gap_seconds') }}
                then 1
            else 0
        end as is_session_start
    from search
),

session_numbered as (
    select
        search_id,
        cuid,
        ts,
        query_text,
        query_kind,
        sum(is_session_start) over (
            partition by cuid order by ts, search_id
            rows between unbounded preceding and current row
        ) as session_number
    from session_start_marked
),

int_session_search as (
    select
        search_id,
        cuid,
        ts,
        query_text,
        query_kind,
        first_value(search_id) over (
            partition by cuid, session_number order by ts, search_id
        ) as session_id,
        row_number() over (
            partition by cuid, session_number order by ts, search_id
        ) as search_number
    from session_numbered
)

select * from int_session_search
