{{ config(post_hook=[unique_index(['search_id']), index_for_lookup(['session_id'])]) }}

-- One row per search by a person with an undisputed time, with its session: searches by
-- one user, each at most session_gap_seconds after the previous one.
--
-- Some sites search while the user types, and give each text its own search_id. Such a
-- search is marked: the user went on typing without a click.

with clicked as (
    select distinct search_id
    from {{ ref('clean_search_result_interaction') }}
),

-- Texts of one time are ordered by length, as they are typed.
search as (
    select
        search.search_id,
        search.cuid,
        search.ts,
        search.query_text,
        search.query_kind,
        clicked.search_id as clicked_search_id,
        lag(search.ts) over (
            partition by search.cuid order by search.ts, search.search_id
        ) as previous_ts,
        lead(search.ts) over as_typed as next_ts,
        lead(search.query_text) over as_typed as next_query_text
    from {{ ref('clean_search_request') }} as search
    left join clicked
        on search.search_id = clicked.search_id
    where
        search.is_automated = 0
        and search.is_ts_disputed = 0
        and search.ts < '{{ var("learn_until") }}'
    window as_typed as (
        partition by search.cuid
        order by search.ts, length(search.query_text), search.search_id
    )
),

gaps_measured as (
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
        end as is_session_start,
        case
            when clicked_search_id is not null or query_text = '' then 0
            when next_query_text = query_text then 0
            when substr(next_query_text, 1, length(query_text)) <> query_text then 0
            when
                {{ milliseconds_between('ts', 'next_ts') }}
                <= 1000 * {{ var('typing_pause_seconds') }}
                then 1
            else 0
        end as is_prefix_of_next
    from search
),

session_numbered as (
    select
        search_id,
        cuid,
        ts,
        query_text,
        query_kind,
        is_prefix_of_next,
        sum(is_session_start) over (
            partition by cuid order by ts, search_id
            rows between unbounded preceding and current row
        ) as session_number
    from gaps_measured
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
        ) as search_number,
        is_prefix_of_next
    from session_numbered
)

select * from int_session_search
