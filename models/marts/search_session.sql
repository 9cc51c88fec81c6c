-- One row per session: searches by one user, each at most session_gap_seconds after the
-- previous one. Automated users and searches with a disputed time are left out.

with searched as (
    select * from {{ ref('int_session_search') }}
),

clicked as (
    select
        search_id,
        count(*) as clip_count
    from {{ ref('clean_search_result_interaction') }}
    group by search_id
),

search_session as (
    select
        searched.session_id,
        min(searched.cuid) as cuid,
        min(searched.ts) as started_at,
        max(searched.ts) as ended_at,
        count(*) as search_count,
        count(distinct searched.query_text) as query_count,
        sum(case when clicked.search_id is not null then 1 else 0 end)
            as clicked_search_count,
        sum(coalesce(clicked.clip_count, 0)) as clip_count
    from searched
    left join clicked
        on searched.search_id = clicked.search_id
    group by searched.session_id
)

select * from search_session
