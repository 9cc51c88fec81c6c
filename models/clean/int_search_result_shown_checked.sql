{{ config(
    log='search_result_shown',
    follows='int_search_request_checked',
    post_hook=[
        index_for_lookup(['search_id']),
        index_for_lookup(['outcome', 'reject_reason'], where="outcome <> 'clean'"),
        "{{ log_rejects(this) }}",
    ]
) }}

-- One row per raw shown result with its outcome: clean, folded into the clean row of
-- its search_id and cid, or rejected with a reason.
--
-- It needs the clean request of its search_id. Valid rows of the same clip are folded
-- into the one at the lowest position: that is where the user saw it first.

-- A search_id that too many users share: all of its searches were rejected for that.
with shared_search_id as (
    select distinct search_id
    from {{ ref('int_search_request_settled') }}
    where reject_reason = 'placeholder_id'
),

judged as (
    select
        staged.file_id,
        staged.line_number,
        staged.search_id,
        staged.cid,
        staged.position,
        {{ passed_through('search_result_shown', 'staged') }}
        case
            {{ result_rules('staged') }}
            when shared_search_id.search_id is not null then 'placeholder_id'
            when clean_request.search_id is null then 'orphan_impression'
        end as reject_reason
    from {{ rows_to_judge('search_result_shown') }}
    left join {{ ref('int_search_request_checked') }} as clean_request
        on
            staged.search_id = clean_request.search_id
            and clean_request.outcome = 'clean'
    left join shared_search_id
        on staged.search_id = shared_search_id.search_id
),

-- The valid rows of a clip are a partition, since they have no reason.
placed as (
    select
        *,
        row_number() over (
            partition by search_id, cid, reject_reason
            order by position asc, file_id asc, line_number asc
        ) as place,
        count(*) over (partition by search_id, cid, reject_reason) as shown_row_count
    from judged
),

settled as (
    select
        *,
        case
            when reject_reason is not null then 'rejected'
            when place = 1 then 'clean'
            else 'folded'
        end as outcome
    from placed
),

int_search_result_shown_checked as (
    select
        file_id,
        line_number,
        search_id,
        outcome,
        reject_reason,
        cid,
        position,
        {{ passed_through('search_result_shown') }}
        case when outcome = 'clean' then shown_row_count end as raw_row_count
    from settled
)

select * from int_search_result_shown_checked
