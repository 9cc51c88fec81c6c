{{ config(post_hook=unique_index(['query_text', 'next_query_text'])) }}

-- One row per pair of different queries where users typed the second right after the
-- first in the same session. A text that the user went on typing is not a query. A step
-- from or to a search that was rewritten is left out: a rewrite is not its own support.

with searched as (
    select
        search.session_id,
        search.cuid,
        search.search_id,
        search.query_text,
        search.query_kind,
        rewritten.search_id as rewritten_search_id,
        lead(search.query_text) over in_session as next_query_text,
        lead(search.query_kind) over in_session as next_query_kind,
        lead(rewritten.search_id) over in_session as next_rewritten_search_id
    from {{ ref('int_session_search') }} as search
    left join {{ ref('int_rewritten_search') }} as rewritten
        on search.search_id = rewritten.search_id
    where search.is_prefix_of_next = 0
    window in_session as (
        partition by search.session_id order by search.search_number
    )
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
        and searched.rewritten_search_id is null
        and searched.next_rewritten_search_id is null
    group by searched.query_text, searched.next_query_text
)

select * from reformulation
