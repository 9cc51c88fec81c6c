{{ config(
    log='search_request',
    follows='int_search_request_settled',
    post_hook=[
        index_for_lookup(['search_id', 'outcome', 'ts', 'total']),
        index_for_lookup(['outcome', 'reject_reason'], where="outcome <> 'clean'"),
        "{{ log_rejects(this) }}",
    ]
) }}

-- One row per raw search request with its outcome: clean, folded into the clean row of
-- its search_id, or rejected with a reason.
--
-- Most search_ids are logged once. int_search_request_settled decides about the others.
--
-- A data test compares the reject reasons with the seed of rules, so the seed is built
-- first.
-- depends_on: {{ ref('reject_rule') if not execute }}

-- The first rule that a row breaks on its own, whatever the other rows say.
with judged_alone as {{ inlined() }} (
    select
        file_id,
        line_number,
        search_id,
        search_query,
        utc_offset_minutes,
        is_zone_assumed,
        cuid,
        total,
        applied_rewrite,
        {{ passed_through('search_request') }}
        ts,
        case
            {{ request_rules() }}
        end as reject_reason
    from {{ rows_to_judge('search_request') }}
    {{ computed_once(['search_id']) }}
),

settled as (
    select
        file_id,
        line_number,
        outcome,
        reject_reason,
        largest_total,
        is_ts_disputed,
        is_total_disputed,
        raw_row_count,
        typed_row_count
    from {{ only_affected(ref('int_search_request_settled'), 'search_request') }}
),

judged as (
    select
        judged_alone.file_id,
        judged_alone.line_number,
        judged_alone.search_id,
        judged_alone.search_query,
        judged_alone.ts,
        judged_alone.utc_offset_minutes,
        judged_alone.is_zone_assumed,
        judged_alone.cuid,
        judged_alone.total,
        judged_alone.applied_rewrite,
        {{ passed_through('search_request', 'judged_alone') }}
        settled.largest_total,
        settled.is_ts_disputed,
        settled.is_total_disputed,
        settled.raw_row_count,
        settled.typed_row_count,
        coalesce(judged_alone.reject_reason, settled.reject_reason) as reject_reason,
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
        reject_reason,
        ts,
        case when ts is not null then utc_offset_minutes end as utc_offset_minutes,
        is_zone_assumed,
        search_query,
        cuid,
        case when outcome = 'clean' then coalesce(largest_total, total) else total end
            as total,
        applied_rewrite,
        {{ passed_through('search_request') }}
        case when outcome = 'clean' then coalesce(is_ts_disputed, 0) end
            as is_ts_disputed,
        case when outcome = 'clean' then coalesce(is_total_disputed, 0) end
            as is_total_disputed,
        case when outcome = 'clean' then coalesce(raw_row_count, 1) end
            as raw_row_count,
        case when outcome = 'clean' then coalesce(typed_row_count, 0) end
            as typed_row_count
    from judged
)

select * from int_search_request_checked
