{{ config(
    post_hook=[unique_index(['search_id']), index_for_lookup(['query_text', 'search_number'])]
) }}

-- One row per search that judgments are learned from: by a person, for a text that was
-- typed to the end and that the engine searched for as typed, and with results.
--
-- A holdout tests judgments on later clicks: only the early searches are for learning.

with typed as {{ materialized() }} (
    select
        search.search_id,
        search.query_text,
        search.cuid,
        search.ts,
        search.total,
        substr(search.ts, 1, 10) as search_day
    from {{ ref('clean_search_request') }} as search
    inner join {{ ref('int_session_search') }} as session_search
        on search.search_id = session_search.search_id
    left join {{ ref('int_rewritten_search') }} as rewritten
        on search.search_id = rewritten.search_id
    where
        search.query_kind = 'text'
        and search.query_text <> ''
        and rewritten.search_id is null
        and session_search.is_prefix_of_next = 0
        and (search.total is null or search.total > 0)
),

-- Whole days: the day with the last of the early searches is early.
day_added_up as (
    select
        search_day,
        sum(count(*)) over (
            order by search_day rows between unbounded preceding and current row
        ) - count(*) as earlier_search_count,
        sum(count(*)) over () as all_search_count
    from typed
    group by search_day
),

early as (
    select max(search_day) as last_day
    from day_added_up
    where
        earlier_search_count
        < {{ 1 - var('holdout_share') }} * all_search_count
),

int_judged_search as (
    select
        typed.search_id,
        typed.query_text,
        typed.cuid,
        typed.ts,
        typed.total,
        row_number() over (
            partition by typed.query_text order by typed.ts, typed.search_id
        ) as search_number,
        case when typed.search_day <= early.last_day then 1 else 0 end as is_early
    from typed
    cross join early
)

select * from int_judged_search
