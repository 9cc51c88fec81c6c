{{ config(post_hook=unique_index(['query_text', 'next_query_text'])) }}

-- One row per pair of different queries where users typed the second right after the
-- first in the same session. A text that the user went on typing is not a query.

with searched as (
    select
        session_id,
        cuid,
        search_id,
        query_text,
        query_kind,
        lead(query_text) over (
            partition by session_id order by search_number
        ) as next_query_text,
        lead(query_kind) over (
            partition by session_id order by search_number
        ) as next_query_kind
    from {{ ref('int_session_search') }}
    where is_prefix_of_next = 0
),

clicked as (
    select distinct search_id
    from {{ ref('clean_search_result_interaction') }}
),

reformulation as (
    select
        searched.query_text,
        searched.next_query_text,
        count(*) as reformulation_count,
        count(distinct searched.cuid) as user_count,
        sum(case when clicked.search_id is null then 1 else 0 end)
            as without_click_count
    from searched
    left join clicked
        on searched.search_id = clicked.search_id
    where
        searched.query_kind = 'text'
        and searched.next_query_kind = 'text'
        and searched.query_text <> ''
        and searched.next_query_text <> ''
        and searched.next_query_text <> searched.query_text
    group by searched.query_text, searched.next_query_text
)

select * from reformulation
