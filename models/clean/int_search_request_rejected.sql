{{ config(meta={
    'log': 'search_request',
    'follows': 'int_search_request_checked',
}) }}

-- One row per rejected raw search request: where it lies, what was logged, and
-- why it is not in the clean table.
--
-- The values are read where they lie, in the raw log, and redacted on the way: a
-- column of a broken row may hold anything. A time or a number that could be read is
-- shown as it is.

with raw_row as (
    {{ raw_log(
        'search_request', ['search_id', 'search_query', 'ts', 'cuid', 'total']
    ) }}
),

rejected as (
    select
        file_id,
        line_number,
        search_id,
        ts,
        total,
        reject_reason
    from {{ only_affected(ref('int_search_request_checked'), 'search_request') }}
    where outcome = 'rejected'
),

int_search_request_rejected as (
    select
        rejected.file_id,
        rejected.line_number,
        rejected.search_id,
        {{ redacted_raw_id('raw_row.search_id') }} as logged_search_id,
        {{ redacted_raw_text('raw_row.search_query') }} as logged_search_query,
        case
            when rejected.ts is not null then raw_row.ts
            else {{ redacted_raw_text('raw_row.ts') }}
        end as logged_ts,
        {{ redacted_raw_id('raw_row.cuid') }} as logged_cuid,
        case
            when rejected.total is not null then raw_row.total
            else {{ redacted_raw_text('raw_row.total') }}
        end as logged_total,
        {{ redacted_raw_text('raw_row.malformed_line') }} as malformed_line,
        rejected.reject_reason
    from rejected
    inner join raw_row
        on
            rejected.file_id = raw_row.file_id
            and rejected.line_number = raw_row.line_number
)

select * from int_search_request_rejected
