{{ config(
    log='search_request',
    follows='stg_search_result_interaction',
    post_hook=[
        index_for_lookup(['search_id']),
        index_for_lookup(['outcome', 'reject_reason'], where="outcome <> 'clean'"),
        "{{ log_rejects(this) }}",
    ]
) }}

-- One row per raw search request with its outcome: clean, folded into the clean row of
-- its search_id, or rejected with a reason.
--
-- A search_id should be logged once. If it was logged more often, its clicks are the
-- evidence: users click seconds after they search, so the latest request at or before
-- the first click is the true one. Only rows with the same search_id decide about it.
--
-- A data test compares the reject reasons with the seed of rules, so the seed is built
-- first.
-- depends_on: {{ ref('reject_rule') if not execute }}

with staged_request as {{ inlined() }} (
    select
        file_id,
        line_number,
        search_id,
        search_query,
        ts,
        ts_reject_reason,
        utc_offset_minutes,
        is_zone_assumed,
        cuid,
        total,
        {{ passed_through('search_request') }}
        is_malformed
    from {{ rows_to_judge('search_request') }}
),

-- The first rule that a row breaks on its own, whatever the other rows say.
judged_alone as {{ inlined() }} (
    select
        file_id,
        line_number,
        search_id,
        search_query,
        utc_offset_minutes,
        is_zone_assumed,
        cuid,
        total,
        {{ passed_through('search_request') }}
        ts,
        case
            when is_malformed = 1 then 'malformed_line'
            when search_id is null then 'missing_search_id'
            when cuid is null then 'missing_cuid'
            when search_query is null then 'missing_query'
            when total is null then 'invalid_total'
            else ts_reject_reason
        end as reject_reason
    from staged_request
    {{ computed_once(['search_id']) }}
),

repeated_search_id as (
    select search_id
    from judged_alone
    where reject_reason is null
    group by search_id
    having count(*) > 1
    {{ counted_first() }}
),

click_on_repeated as {{ materialized() }} (
    select
        search_id,
        cid,
        position,
        ts,
        ts_reject_reason,
        is_malformed
    from {{ rows_to_judge('search_result_interaction') }}
    where search_id in (select search_id from repeated_search_id)
),

evidence as (
    select
        search_id,
        min(ts) as first_click_at
    from click_on_repeated
    where
        case
            {{ click_rules() }}
        end is null
    group by search_id
),

contender as (
    select
        judged_alone.*,
        evidence.first_click_at,
        case when judged_alone.ts <= evidence.first_click_at then 1 else 0 end
            as is_before_first_click
    from judged_alone
    inner join repeated_search_id
        on
            judged_alone.search_id = repeated_search_id.search_id
            and judged_alone.reject_reason is null
    left join evidence
        on judged_alone.search_id = evidence.search_id
    {{ computed_once(['search_id']) }}
),

-- The latest before the first click, else the earliest. Ties are broken by content,
-- then by file and line.
ranked as (
    select
        file_id,
        line_number,
        search_id,
        ts,
        first_click_at,
        is_before_first_click,
        row_number() over by_preference as preference,
        case
            when
                search_query = first_value(search_query) over by_preference
                and cuid = first_value(cuid) over by_preference
                then 1
            else 0
        end as is_repeat
    from contender
    window by_preference as (
        partition by search_id
        order by
            is_before_first_click desc,
            case when is_before_first_click = 1 then ts end desc,
            ts asc,
            search_query asc,
            cuid asc,
            total asc,
            file_id asc,
            line_number asc
    )
),

judged_search_id as (
    select
        search_id,
        sum(is_repeat) as raw_row_count,
        case
            when min(ts) < max(ts) and max(is_before_first_click) = 0 then 1
            else 0
        end as is_ts_disputed,
        case
            when min(is_repeat) = 0 and max(first_click_at) is null then 1
            else 0
        end as is_undecidable
    from ranked
    group by search_id
),

settled as (
    select
        ranked.file_id,
        ranked.line_number,
        judged_search_id.is_ts_disputed,
        judged_search_id.raw_row_count,
        case
            when judged_search_id.is_undecidable = 1 then 'rejected'
            when ranked.is_repeat = 0 then 'rejected'
            when ranked.preference = 1 then 'clean'
            else 'folded'
        end as outcome
    from ranked
    inner join judged_search_id
        on ranked.search_id = judged_search_id.search_id
),

judged as (
    select
        judged_alone.*,
        settled.is_ts_disputed,
        settled.raw_row_count,
        case
            when judged_alone.reject_reason is not null then 'rejected'
            else coalesce(settled.outcome, 'clean')
        end as outcome
    from judged_alone
    left join settled
        on
            judged_alone.file_id = settled.file_id
            and judged_alone.line_number = settled.line_number
),

int_search_request_checked as (
    select
        file_id,
        line_number,
        search_id,
        outcome,
        case
            when outcome = 'rejected'
                then coalesce(reject_reason, 'conflicting_search_id')
        end as reject_reason,
        ts,
        case when ts is not null then utc_offset_minutes end as utc_offset_minutes,
        is_zone_assumed,
        search_query,
        cuid,
        total,
        {{ passed_through('search_request') }}
        case when outcome = 'clean' then coalesce(is_ts_disputed, 0) end
            as is_ts_disputed,
        case when outcome = 'clean' then coalesce(raw_row_count, 1) end
            as raw_row_count
    from judged
)

select * from int_search_request_checked
