{{ config(
    log='search_result_shown',
    follows='int_search_result_shown_checked'
) }}

-- One row per rejected raw shown result: its file and line, what was logged, and why it
-- is not in the clean table.
--
-- The values come from the raw log and are redacted here, because any column of a
-- broken row may hold personal data. A number that could be parsed is shown as logged.

with raw_row as (
    select
        file_id,
        line_number,
        search_id,
        cid,
        position,
        malformed_line
    from {{ ref('stg_logged_search_result_shown') }}
),

rejected as (
    select
        file_id,
        line_number,
        search_id,
        position,
        reject_reason
    from {{ only_affected(
        ref('int_search_result_shown_checked'), 'search_result_shown'
    ) }}
    where outcome = 'rejected'
),

-- Values that may need redaction get columns of their own.
logged_row as (
    select
        rejected.file_id,
        rejected.line_number,
        rejected.search_id,
        raw_row.search_id as raw_search_id,
        raw_row.cid,
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

int_search_result_shown_rejected as (
    select
        file_id,
        line_number,
        search_id,
        {{ redacted_raw_id('raw_search_id') }} as logged_search_id,
        {{ redacted_raw_id('cid') }} as logged_cid,
        coalesce(
            {{ readable_as_logged('readable_position') }},
            {{ redacted_raw_text('unreadable_position') }}
        ) as logged_position,
        {{ redacted_raw_text('malformed_line') }} as malformed_line,
        reject_reason
    from logged_row
)

select * from int_search_result_shown_rejected
