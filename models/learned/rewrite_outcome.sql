{{ config(post_hook=unique_index(['query_text', 'rewritten_text'])) }}

-- One row per rewrite that was applied: how many searches and users it answered, and
-- how many users undid it. If those are surely too many (Wilson's interval), it is no
-- longer applied, only offered. A rewrite that one person dislikes stays.

with clicked as (
    select distinct search_id
    from {{ ref('clean_search_result_interaction') }}
),

counted as (
    select
        search.query_text,
        search.rewritten_text,
        count(*) as search_count,
        count(clicked.search_id) as clicked_search_count,
        count(distinct search.cuid) as user_count,
        count(distinct case when search.is_undone = 1 then search.cuid end)
            as undone_user_count
    from {{ ref('int_rewritten_search') }} as search
    left join clicked
        on search.search_id = clicked.search_id
    where search.is_automated = 0
    group by search.query_text, search.rewritten_text
),

shared as (
    select
        query_text,
        rewritten_text,
        search_count,
        clicked_search_count,
        user_count,
        undone_user_count,
        1e0 * undone_user_count / user_count as share
    from counted
),

bounded as (
    select
        query_text,
        rewritten_text,
        search_count,
        clicked_search_count,
        user_count,
        undone_user_count,
        {{ wilson_middle('share', 'user_count') }}
        - {{ wilson_half_width('share', 'user_count') }} as share_low
    from shared
),

rewrite_outcome as (
    select
        query_text,
        rewritten_text,
        search_count,
        clicked_search_count,
        user_count,
        undone_user_count,
        {{ rounded_ratio('share_low', '1', 4) }} as undone_share_low,
        case
            when
                undone_user_count >= {{ var('undoing_users') }}
                and share_low > {{ var('most_undone_share') }}
                then 1
            else 0
        end as is_demoted
    from bounded
)

select * from rewrite_outcome
