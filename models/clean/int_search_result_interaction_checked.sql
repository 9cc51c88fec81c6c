{{ config(post_hook=index_for_lookup(['search_id'])) }}

-- One row per raw click, with its one outcome: clean, folded into the clean row of its
-- search_id and cid, or rejected with the reason.
--
-- A click is judged against the one clean request of its search_id. What survives is
-- folded into the earliest click on that clip: the first click says what the user chose,
-- its repeats say how often.

with staged_click as {{ materialized() }} (
    select
        file_id,
        line_number,
        search_id,
        cid,
        position,
        ts_reading,
        is_malformed
    from {{ ref('stg_search_result_interaction') }}
),

-- The first rule that a row breaks by itself.
judged_alone as (
    select
        file_id,
        line_number,
        search_id,
        cid,
        position,
        case when ts_reading < 'a' then ts_reading end as ts,
        case
            when is_malformed = 1 then 'malformed_line'
            when search_id is null then 'missing_search_id'
            when cid is null then 'missing_cid'
            when position is null then 'invalid_position'
            when position < 1 then 'position_below_one'
            when ts_reading >= 'a' then ts_reading
        end as reject_reason
    from staged_click
),

clean_request as (
    select
        search_id,
        ts,
        total
    from {{ ref('int_search_request_checked') }}
    where outcome = 'clean'
),

beside_its_search as {{ materialized() }} (
    select
        judged_alone.*,
        clean_request.search_id as request_search_id,
        clean_request.total,
        {{ milliseconds_between('clean_request.ts', 'judged_alone.ts') }}
            as milliseconds_after_search
    from judged_alone
    left join clean_request
        on
            judged_alone.search_id = clean_request.search_id
            and judged_alone.reject_reason is null
),

judged as (
    select
        file_id,
        line_number,
        search_id,
        cid,
        position,
        ts,
        milliseconds_after_search,
        case
            when reject_reason is not null then reject_reason
            when request_search_id is null then 'orphan_click'
            when milliseconds_after_search < 0 then 'click_before_search'
            when milliseconds_after_search > 1000 * {{ var('max_click_delay_seconds') }}
                then 'click_too_late'
            when position > total then 'position_beyond_total'
        end as reject_reason
    from beside_its_search
),

repeated_click as (
    select
        search_id,
        cid,
        count(*) as raw_row_count,
        count(distinct ts) as click_count,
        max(ts) as last_click_at
    from judged
    where reject_reason is null
    group by search_id, cid
    having count(*) > 1
),

ranked_repeat as (
    select
        judged.file_id,
        judged.line_number,
        repeated_click.raw_row_count,
        repeated_click.click_count,
        repeated_click.last_click_at,
        row_number() over (
            partition by judged.search_id, judged.cid
            order by judged.ts, judged.position, judged.file_id, judged.line_number
        ) as preference
    from judged
    inner join repeated_click
        on
            judged.search_id = repeated_click.search_id
            and judged.cid = repeated_click.cid
    where judged.reject_reason is null
),

settled as (
    select
        judged.*,
        ranked_repeat.raw_row_count,
        ranked_repeat.click_count,
        ranked_repeat.last_click_at,
        case
            when judged.reject_reason is not null then 'rejected'
            when ranked_repeat.preference > 1 then 'folded'
            else 'clean'
        end as outcome
    from judged
    left join ranked_repeat
        on
            judged.file_id = ranked_repeat.file_id
            and judged.line_number = ranked_repeat.line_number
),

int_search_result_interaction_checked as (
    select
        file_id,
        line_number,
        search_id,
        outcome,
        reject_reason,
        ts,
        cid,
        position,
        case when outcome = 'clean' then coalesce(click_count, 1) end as click_count,
        case when outcome = 'clean' then coalesce(last_click_at, ts) end
            as last_click_at,
        case
            when outcome = 'clean'
                then {{ whole_seconds('milliseconds_after_search') }}
        end as seconds_after_search,
        case when outcome = 'clean' then coalesce(raw_row_count, 1) end
            as raw_row_count
    from settled
)

select * from int_search_result_interaction_checked
