{{ config(
    log='search_request',
    follows='stg_search_result_shown',
    post_hook=[index_for_lookup(['search_id'])]
) }}

-- One row per valid request whose search_id was logged more than once, with the first
-- click on that search_id, and the text at which the user stopped typing.
--
-- Some sites search while the user types, and log each text under the same id: `bla`,
-- `blade`, `blade runner`. That is one search, for the last of these texts.
--
-- All logs are staged from the same loads, before any row is judged.
-- depends_on: {{ ref('stg_search_result_shown') if not execute }}

with valid_request as {{ inlined() }} (
    select
        file_id,
        line_number,
        search_id,
        search_query,
        ts,
        utc_offset_minutes,
        is_zone_assumed,
        cuid,
        total
    from {{ rows_to_judge('search_request') }}
    where
        case
            {{ request_rules() }}
        end is null
),

repeated_search_id as (
    select search_id
    from valid_request
    group by search_id
    having count(*) > 1
    {{ counted_first() }}
),

contender as {{ materialized() }} (
    select
        valid_request.file_id,
        valid_request.line_number,
        valid_request.search_id,
        valid_request.search_query,
        valid_request.ts,
        valid_request.utc_offset_minutes,
        valid_request.is_zone_assumed,
        valid_request.cuid,
        valid_request.total
    from valid_request
    inner join repeated_search_id
        on valid_request.search_id = repeated_search_id.search_id
),

shared_search_id as (
    select search_id
    from contender
    group by search_id
    having count(distinct cuid) > {{ var('users_of_placeholder_id') }}
),

first_click as (
    select
        search_id,
        min(ts) as first_click_at
    from {{ rows_to_judge('search_result_interaction') }}
    where
        search_id in (select search_id from repeated_search_id)
        and case
            {{ click_rules() }}
        end is null
    group by search_id
),

compared_with_click as (
    select
        contender.file_id,
        contender.line_number,
        contender.search_id,
        contender.search_query,
        contender.ts,
        contender.utc_offset_minutes,
        contender.is_zone_assumed,
        contender.cuid,
        contender.total,
        first_click.first_click_at,
        case when contender.ts <= first_click.first_click_at then 1 else 0 end
            as is_before_first_click,
        case when shared_search_id.search_id is not null then 1 else 0 end
            as has_placeholder_id
    from contender
    left join first_click
        on contender.search_id = first_click.search_id
    left join shared_search_id
        on contender.search_id = shared_search_id.search_id
),

-- Texts of one time are ordered by length, as they are typed.
previous_text_seen as (
    select
        file_id,
        line_number,
        search_id,
        search_query,
        ts,
        utc_offset_minutes,
        is_zone_assumed,
        cuid,
        total,
        first_click_at,
        has_placeholder_id,
        is_before_first_click,
        row_number() over as_typed as typed_place,
        lag(search_query) over as_typed as previous_query,
        lag(ts) over as_typed as previous_ts
    from compared_with_click
    window as_typed as (
        partition by search_id, is_before_first_click, cuid
        order by
            ts asc, length(search_query) asc, search_query asc,
            file_id asc, line_number asc
    )
),

pause_marked as (
    select
        *,
        case
            when previous_query is null then 1
            when
                {{ milliseconds_between('previous_ts', 'ts') }}
                > 1000 * {{ var('typing_pause_seconds') }}
                then 1
            when search_query = previous_query then 0
            when is_typing_step(previous_query, search_query) = 1 then 0
            else 1
        end as is_new_text
    from previous_text_seen
),

typing_numbered as (
    select
        *,
        sum(is_new_text) over (
            partition by search_id, is_before_first_click, cuid
            order by typed_place
            rows between unbounded preceding and current row
        ) as typing_number
    from pause_marked
),

int_search_request_repeated as (
    select
        file_id,
        line_number,
        search_id,
        search_query,
        ts,
        utc_offset_minutes,
        is_zone_assumed,
        cuid,
        total,
        first_click_at,
        is_before_first_click,
        has_placeholder_id,
        last_value(search_query) over (
            partition by search_id, is_before_first_click, cuid, typing_number
            order by typed_place
            rows between unbounded preceding and unbounded following
        ) as final_query
    from typing_numbered
)

select * from int_search_request_repeated
