{{ config(
    log='search_request',
    follows='int_search_request_repeated',
    post_hook=[index_for_lookup(['search_id'])]
) }}

-- One row per valid request whose search_id was logged more than once, with its
-- outcome: clean, folded into the clean row of its search_id, or rejected.
--
-- A search_id should be logged once. If it was logged more often, its clicks are the
-- evidence: users click seconds after they search, so the latest request at or before
-- the first click is the true one. Only rows with the same search_id decide about it.

with ranked as (
    select
        file_id,
        line_number,
        search_id,
        ts,
        total,
        first_click_at,
        is_before_first_click,
        has_placeholder_id,
        case when search_query = final_query then 1 else 0 end as is_final_text,
        row_number() over by_preference as preference,
        case
            when
                final_query = first_value(search_query) over by_preference
                and cuid = first_value(cuid) over by_preference
                then 1
            else 0
        end as is_repeat
    from {{ only_affected(ref('int_search_request_repeated'), 'search_request') }}
    -- The latest before the first click, else the earliest. Ties are broken by content,
    -- then by file and line.
    window by_preference as (
        partition by search_id
        order by
            is_before_first_click desc,
            case when search_query = final_query then 1 else 0 end desc,
            case when is_before_first_click = 1 then ts end desc,
            ts asc,
            search_query asc,
            cuid asc,
            coalesce(utc_offset_minutes, 1000) asc,
            is_zone_assumed asc,
            file_id asc,
            line_number asc
    )
),

judged_search_id as (
    select
        search_id,
        min(case when preference = 1 then ts end) as winner_ts,
        sum(is_repeat) as raw_row_count,
        sum(is_repeat * (1 - is_final_text)) as typed_row_count,
        max(case when is_repeat = 1 and is_final_text = 1 then total end)
            as largest_total,
        min(case when is_repeat = 1 and is_final_text = 1 then total end)
            as smallest_total,
        case
            when
                min(case when is_final_text = 1 then ts end)
                < max(case when is_final_text = 1 then ts end)
                and max(is_before_first_click) = 0
                then 1
            else 0
        end as is_ts_disputed,
        max(has_placeholder_id) as has_placeholder_id,
        case
            when min(is_repeat) = 0 and max(first_click_at) is null then 1
            else 0
        end as is_undecidable
    from ranked
    group by search_id
),

valid_click as (
    select
        search_id,
        position,
        ts
    from {{ rows_to_judge('search_result_interaction') }}
    where
        search_id in (
            select search_id
            from judged_search_id
            where smallest_total < largest_total
        )
        and case
            {{ click_rules() }}
        end is null
),

-- A click on a result proves that the search found at least that many.
proven_total as (
    select
        judged_search_id.search_id,
        max(valid_click.position) as found_count
    from judged_search_id
    inner join valid_click
        on
            judged_search_id.search_id = valid_click.search_id
            and judged_search_id.largest_total >= valid_click.position
    where
        {{ comes_after_search(
            milliseconds_between('judged_search_id.winner_ts', 'valid_click.ts')
        ) }}
    group by judged_search_id.search_id
),

disputed_total as (
    select ranked.search_id
    from ranked
    left join proven_total
        on ranked.search_id = proven_total.search_id
    where
        ranked.is_repeat = 1
        and ranked.is_final_text = 1
        and ranked.total >= coalesce(proven_total.found_count, 0)
    group by ranked.search_id
    having min(ranked.total) < max(ranked.total)
),

reason_given as (
    select
        ranked.file_id,
        ranked.line_number,
        judged_search_id.search_id,
        ranked.ts,
        ranked.preference,
        judged_search_id.is_ts_disputed,
        judged_search_id.raw_row_count,
        judged_search_id.typed_row_count,
        judged_search_id.largest_total,
        case when disputed_total.search_id is not null then 1 else 0 end
            as is_total_disputed,
        case
            when judged_search_id.has_placeholder_id = 1 then 'placeholder_id'
            when judged_search_id.is_undecidable = 1 then 'conflicting_search_id'
            when ranked.is_repeat = 0 then 'conflicting_search_id'
        end as reject_reason
    from ranked
    inner join judged_search_id
        on ranked.search_id = judged_search_id.search_id
    left join disputed_total
        on ranked.search_id = disputed_total.search_id
),

int_search_request_settled as (
    select
        file_id,
        line_number,
        search_id,
        ts,
        is_ts_disputed,
        raw_row_count,
        typed_row_count,
        largest_total,
        is_total_disputed,
        reject_reason,
        case
            when reject_reason is not null then 'rejected'
            when preference = 1 then 'clean'
            else 'folded'
        end as outcome
    from reason_given
)

select * from int_search_request_settled
