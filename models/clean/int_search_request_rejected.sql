{{ config(log='search_request', follows='int_search_request_checked') }}

-- One row per rejected raw search request: its file and line, what was logged, and why
-- it is not in the clean table.
--
-- The values come from the raw log and are redacted here, because any column of a
-- broken row may hold personal data. A time that could be parsed is shown as logged.

with raw_row as (
    select
        file_id,
        line_number,
        search_id,
        search_query,
        ts,
        cuid,
        total,
        malformed_line
    from {{ ref('stg_logged_search_request') }}
),

rejected as (
    select
        file_id,
        line_number,
        search_id,
        ts,
        reject_reason
    from {{ only_affected(ref('int_search_request_checked'), 'search_request') }}
    where outcome = 'rejected'
),

-- Values that may need redaction get columns of their own.
logged_row as (
    select
        rejected.file_id,
        rejected.line_number,
        rejected.search_id,
        raw_row.search_id as raw_search_id,
        raw_row.search_query,
        raw_row.cuid,
        case when rejected.ts is not null then raw_row.ts end as readable_ts,
        case when rejected.ts is null then raw_row.ts end as unreadable_ts,
        raw_row.total,
        raw_row.malformed_line,
        rejected.reject_reason
    from rejected
    inner join raw_row
        on
            rejected.file_id = raw_row.file_id
            and rejected.line_number = raw_row.line_number
),

int_search_request_rejected as (
    select
        file_id,
        line_number,
        search_id,
        {{ redacted_raw_id('raw_search_id') }} as logged_search_id,
        {{ redacted_raw_text('search_query') }} as logged_search_query,
        coalesce(
            {{ readable_as_logged('readable_ts') }},
            {{ redacted_raw_text('unreadable_ts') }}
        ) as logged_ts,
        {{ redacted_raw_id('cuid') }} as logged_cuid,
        {{ redacted_raw_text('total') }} as logged_total,
        {{ redacted_raw_text('malformed_line') }} as malformed_line,
        reject_reason
    from logged_row
)

select * from int_search_request_rejected
