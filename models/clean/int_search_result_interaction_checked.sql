{{ config(
    log='search_result_interaction',
    follows='int_click_of_session',
    post_hook=[
        index_for_lookup(['search_id']),
        index_for_lookup(['outcome', 'reject_reason'], where="outcome <> 'clean'"),
        "{{ log_rejects(this) }}",
    ]
) }}

-- One row per raw click with its outcome: clean, folded into the clean row of its
-- search_id and cid, or rejected with a reason.
--
-- A click is compared with the clean request of its search_id. Valid clicks are folded
-- into the earliest click on the same clip: the first click shows what the user chose,
-- the repeats show how often.

{#- The order that decides which click is the first: time, position, file and line. -#}
{%- set fold_order -%}
judged.ts || {{ zero_padded('judged.position', 9) }}
        || {{ zero_padded('judged.file_id', 9) }}
        || {{ zero_padded('judged.line_number', 12) }}
{%- endset %}

with logged_click as {{ inlined() }} (
    select
        file_id,
        line_number,
        search_id,
        cid,
        position,
        ts,
        ts_reject_reason,
        is_zone_assumed,
        {{ passed_through('search_result_interaction') }}
        has_placeholder_id,
        is_malformed
    from {{ rows_to_judge('search_result_interaction') }}
),

-- In a log without search ids, a click belongs to the latest search of its session.
click_of_session as (
    select
        file_id,
        line_number,
        search_id,
        is_ambiguous
    from {{ only_affected(ref('int_click_of_session')) }}
),

staged_click as (
    select
        logged_click.file_id,
        logged_click.line_number,
        coalesce(click_of_session.search_id, logged_click.search_id) as search_id,
        click_of_session.is_ambiguous,
        logged_click.cid,
        logged_click.position,
        logged_click.ts,
        logged_click.ts_reject_reason,
        logged_click.is_zone_assumed,
        {{ passed_through('search_result_interaction', 'logged_click') }}
        logged_click.has_placeholder_id,
        logged_click.is_malformed
    from logged_click
    left join click_of_session
        on
            logged_click.file_id = click_of_session.file_id
            and logged_click.line_number = click_of_session.line_number
),

-- A search_id that too many users share: all of its searches were rejected for that.
shared_search_id as (
    select distinct search_id
    from {{ ref('int_search_request_settled') }}
    where reject_reason = 'placeholder_id'
),

-- The searches and clicks of the search_ids that were used for several searches.
reused_search_id as (
    select distinct search_id
    from {{ ref('int_search_request_settled') }}
    where reject_reason = 'conflicting_search_id'
),

search_or_click as (
    select
        settled.search_id,
        settled.ts,
        settled.ts || case when settled.outcome = 'rejected' then '0' else '1' end
            as search_mark,
        cast(null as integer) as file_id,
        cast(null as integer) as line_number
    from {{ ref('int_search_request_settled') }} as settled
    inner join reused_search_id
        on settled.search_id = reused_search_id.search_id
    union all
    select
        staged_click.search_id,
        staged_click.ts,
        cast(null as {{ dbt.type_string() }}) as search_mark,
        staged_click.file_id,
        staged_click.line_number
    from staged_click
    inner join reused_search_id
        on staged_click.search_id = reused_search_id.search_id
    where staged_click.ts is not null
),

-- A click belongs to the latest search before it. Marks end in 1 for the clean search.
latest_search_seen as (
    select
        file_id,
        line_number,
        max(search_mark) over (
            partition by search_id
            order by ts asc, case when search_mark is null then 1 else 0 end asc
            range between unbounded preceding and current row
        ) as latest_search_mark
    from search_or_click
),

click_on_other_search as (
    select
        file_id,
        line_number
    from latest_search_seen
    where file_id is not null and latest_search_mark like '%0'
),

beside_its_search as {{ materialized() }} (
    select
        staged_click.file_id,
        staged_click.line_number,
        staged_click.search_id,
        staged_click.cid,
        staged_click.position,
        staged_click.ts,
        staged_click.ts_reject_reason,
        staged_click.is_zone_assumed,
        staged_click.is_malformed,
        staged_click.has_placeholder_id,
        {{ passed_through('search_result_interaction', 'staged_click') }}
        clean_request.total,
        {{ milliseconds_between('clean_request.ts', 'staged_click.ts') }}
            as milliseconds_after_search,
        case
            when shared_search_id.search_id is not null then 'placeholder_id'
            when clean_request.search_id is null then 'orphan_click'
            when staged_click.is_ambiguous = 1 then 'ambiguous_search'
            when click_on_other_search.file_id is not null then 'click_on_other_search'
        end as reason_without_search
    from staged_click
    left join {{ ref('int_search_request_checked') }} as clean_request
        on
            staged_click.search_id = clean_request.search_id
            and clean_request.outcome = 'clean'
    left join shared_search_id
        on staged_click.search_id = shared_search_id.search_id
    left join click_on_other_search
        on
            staged_click.file_id = click_on_other_search.file_id
            and staged_click.line_number = click_on_other_search.line_number
),

judged as {{ inlined() }} (
    select
        file_id,
        line_number,
        search_id,
        cid,
        position,
        ts,
        is_zone_assumed,
        {{ passed_through('search_result_interaction') }}
        milliseconds_after_search,
        case
            {{ click_rules() }}
            when reason_without_search is not null then reason_without_search
            when milliseconds_after_search < -1000 * {{ var('clock_skew_seconds') }}
                then 'click_before_search'
            when milliseconds_after_search > 1000 * {{ var('max_click_delay_seconds') }}
                then 'click_too_late'
            when position > total then 'position_beyond_total'
        end as reject_reason
    from beside_its_search
    {{ computed_once(['search_id', 'cid']) }}
),

repeated_click as (
    select
        search_id,
        cid
    from judged
    where reject_reason is null
    group by search_id, cid
    having count(*) > 1
),

folded_click as (
    select
        judged.search_id,
        judged.cid,
        min({{ fold_order }}) as first_fold_order,
        max(judged.ts) as last_click_at,
        count(distinct judged.ts) as click_count,
        count(*) as raw_row_count
    from judged
    where
        judged.reject_reason is null
        and (judged.search_id, judged.cid) in (
            select
                search_id,
                cid
            from repeated_click
        )
    group by judged.search_id, judged.cid
),

settled as (
    select
        judged.*,
        folded_click.last_click_at,
        folded_click.click_count,
        folded_click.raw_row_count,
        case
            when judged.reject_reason is not null then 'rejected'
            when folded_click.raw_row_count is null then 'clean'
            when {{ fold_order }} = folded_click.first_fold_order then 'clean'
            else 'folded'
        end as outcome
    from judged
    left join folded_click
        on
            judged.search_id = folded_click.search_id
            and judged.cid = folded_click.cid
            and judged.reject_reason is null
),

int_search_result_interaction_checked as (
    select
        file_id,
        line_number,
        search_id,
        outcome,
        reject_reason,
        ts,
        is_zone_assumed,
        cid,
        position,
        {{ passed_through('search_result_interaction') }}
        case when outcome = 'clean' then coalesce(click_count, 1) end as click_count,
        case when outcome = 'clean' then coalesce(last_click_at, ts) end
            as last_click_at,
        case
            when outcome = 'clean' or reject_reason = 'click_before_search'
                then {{ whole_seconds('milliseconds_after_search') }}
        end as seconds_after_search,
        case when outcome = 'clean' then coalesce(raw_row_count, 1) end
            as raw_row_count
    from settled
)

select * from int_search_result_interaction_checked
