{{ config(
    log='search_result_interaction',
    follows='int_search_result_interaction_checked'
) }}

-- One row per rejected raw click: its file and line, what was logged, and why it
-- is not in the clean table.
--
-- The values come from the raw log and are redacted here, because any column of a
-- broken row may hold personal data. A time or a number that could be parsed is shown
-- as logged.

with raw_row as (
    select
        file_id,
        line_number,
        search_id,
        ts,
        cid,
        position,
        malformed_line
    from {{ ref('stg_logged_search_result_interaction') }}
),

rejected as (
    select
        file_id,
        line_number,
        search_id,
        ts,
        position,
        reject_reason
    from {{ only_affected(
        ref('int_search_result_interaction_checked'), 'search_result_interaction'
    ) }}
    where outcome = 'rejected'
),

-- Values that may need redaction get columns of their own.
logged_row as (
    select
        rejected.file_id,
        rejected.line_number,
        rejected.search_id,
        rejected.ts,
        raw_row.search_id as raw_search_id,
        raw_row.cid,
        case when rejected.ts is not null then raw_row.ts end as readable_ts,
        case when rejected.ts is null then raw_row.ts end as unreadable_ts,
        case when rejected.position is not null then raw_row.position end
            as readable_position,
        case when rejected.position is null then raw_row.position end
            as unreadable_position,
        raw_row.malformed_line,
        rejected.reject_reason
    from rejected
    inner join raw_row
        on
            rejected.file_id = raw_row.file_id
            and rejected.line_number = raw_row.line_number
),

int_search_result_interaction_rejected as (
    select
        file_id,
        line_number,
        search_id,
        ts,
        {{ redacted_raw_id('raw_search_id') }} as logged_search_id,
        coalesce(
            {{ readable_as_logged('readable_ts') }},
            {{ redacted_raw_text('unreadable_ts') }}
        ) as logged_ts,
        {{ redacted_raw_id('cid') }} as logged_cid,
        coalesce(
            {{ readable_as_logged('readable_position') }},
            {{ redacted_raw_text('unreadable_position') }}
        ) as logged_position,
        {{ redacted_raw_text('malformed_line') }} as malformed_line,
        reject_reason
    from logged_row
)

select * from int_search_result_interaction_rejected
