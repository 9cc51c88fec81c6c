-- One row per rejected raw search request: what was logged, and why it is not in the
-- clean table.
--
-- The values are read where they lie, in the raw log, and redacted on the way: a
-- column of a broken row may hold anything. A time or a number that can be read is
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
        reject_reason
    from {{ ref('int_search_request_checked') }}
    where outcome = 'rejected'
),

rejected_search_request as (
    select
        {{ redacted_raw_id('raw_row.search_id') }} as search_id,
        {{ redacted_raw_text('raw_row.search_query') }} as search_query,
        case
            when {{ timestamp_reading('raw_row.ts') }} < 'a' then raw_row.ts
            else {{ redacted_raw_text('raw_row.ts') }}
        end as ts,
        {{ redacted_raw_id('raw_row.cuid') }} as cuid,
        case
            when {{ whole_number('raw_row.total') }} is not null
                then raw_row.total
            else {{ redacted_raw_text('raw_row.total') }}
        end as total,
        {{ redacted_raw_text('raw_row.malformed_line') }} as malformed_line,
        rejected.reject_reason
    from rejected
    inner join raw_row
        on
            rejected.file_id = raw_row.file_id
            and rejected.line_number = raw_row.line_number
)

select * from rejected_search_request
