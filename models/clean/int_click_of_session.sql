{{ config(log='search_result_interaction', follows='int_search_request_checked') }}

-- One row per click of a log without search ids that has a search: the latest one of
-- its session. Empty if the log has ids.
--
-- The id of such a click names its session, and how old its search may be.

with session_event as (
    select
        {{ inferred_session('search_id') }} as session_id,
        search_id,
        search_query,
        ts,
        cast(null as integer) as file_id,
        cast(null as integer) as line_number
    from {{ only_affected(ref('int_search_request_checked')) }}
    where {{ is_inferred_search_id('search_id') }} and outcome = 'clean'
    union all
    select
        {{ inferred_session('search_id') }} as session_id,
        search_id,
        cast(null as {{ dbt.type_string() }}) as search_query,
        ts,
        file_id,
        line_number
    from {{ rows_to_judge('search_result_interaction') }}
    where {{ is_session_of_click('search_id') }} and ts is not null
),

-- Another search at nearly the same time could be the one as well.
session_search as (
    select
        session_id,
        search_id,
        ts,
        case
            when search_query = lag(search_query) over in_session then '0'
            when
                {{ milliseconds_between('lag(ts) over in_session', 'ts') }}
                <= 1000 * {{ var('ambiguous_search_seconds') }}
                then '1'
            else '0'
        end as ambiguity
    from session_event
    where file_id is null
    window in_session as (partition by session_id order by ts asc, search_id asc)
),

latest_of_session as (
    select
        file_id,
        line_number,
        search_id,
        ts,
        max(mark) over (
            partition by session_id
            order by ts asc, case when mark is null then 1 else 0 end asc
            range between unbounded preceding and current row
        ) as latest_mark
    from (
        select
            session_id,
            search_id,
            ts,
            file_id,
            line_number,
            cast(null as {{ dbt.type_string() }}) as mark
        from session_event
        where file_id is not null
        union all
        select
            session_id,
            search_id,
            ts,
            cast(null as integer) as file_id,
            cast(null as integer) as line_number,
            ts || ambiguity || search_id as mark
        from session_search
    ) as search_or_click_of_session
),

int_click_of_session as (
    select
        file_id,
        line_number,
        substr(latest_mark, 26) as search_id,
        cast(substr(latest_mark, 25, 1) as integer) as is_ambiguous
    from latest_of_session
    where
        file_id is not null
        and {{ milliseconds_between('substr(latest_mark, 1, 24)', 'ts') }}
        <= 1000 * {{ inferred_within_seconds('search_id') }}
)

select * from int_click_of_session
