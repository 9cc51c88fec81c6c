-- One row per raw search request, whatever it holds: named, typed, read, redacted.
--
-- The raw text of a log leaves the raw tables here, and only redacted. The `logged_`
-- columns show what was logged to whoever looks at a rejected row; nothing else reads them.

with raw_request as (
    {{ raw_log('search_request', ['search_id', 'search_query', 'ts', 'cuid', 'total']) }}
),

typed as (
    select
        file_id,
        line_number,
        {{ clean_id('search_id') }} as search_id,
        case
            when
                {{ trimmed('search_query') }} <> ''
                and length(search_query) <= {{ var('max_value_characters') }}
                then {{ redact_text('search_query') }}
        end as search_query,
        {{ timestamp_reading('ts') }} as ts_reading,
        {{ utc_offset_minutes('ts') }} as utc_offset_minutes,
        {{ clean_id('cuid') }} as cuid,
        {{ whole_number('total') }} as total,
        case
            when
                malformed_line is not null
                or length(search_id) > {{ var('max_value_characters') }}
                or length(search_query) > {{ var('max_value_characters') }}
                or length(ts) > {{ var('max_value_characters') }}
                or length(cuid) > {{ var('max_value_characters') }}
                or length(total) > {{ var('max_value_characters') }}
                then 1
            else 0
        end as is_malformed,
        {{ redacted_raw_id('search_id') }} as logged_search_id,
        {{ redacted_raw_text('search_query') }} as logged_search_query,
        {{ redacted_raw_text('ts') }} as logged_ts,
        {{ redacted_raw_id('cuid') }} as logged_cuid,
        {{ redacted_raw_text('total') }} as logged_total,
        {{ redacted_raw_text('malformed_line') }} as logged_malformed_line
    from raw_request
)

select * from typed
