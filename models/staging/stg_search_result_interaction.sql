-- One row per raw click on a search result, whatever it holds: named, typed, read,
-- redacted.
--
-- The raw text of a log leaves the raw tables here, and only redacted. The `logged_`
-- columns show what was logged to whoever looks at a rejected row; nothing else reads them.

with raw_click as (
    {{ raw_log('search_result_interaction', ['search_id', 'ts', 'cid', 'position']) }}
),

typed as (
    select
        file_id,
        line_number,
        {{ clean_id('search_id') }} as search_id,
        {{ timestamp_reading('ts') }} as ts_reading,
        {{ clean_id('cid') }} as cid,
        {{ whole_number('position') }} as position,
        case
            when
                malformed_line is not null
                or length(search_id) > {{ var('max_value_characters') }}
                or length(ts) > {{ var('max_value_characters') }}
                or length(cid) > {{ var('max_value_characters') }}
                or length(position) > {{ var('max_value_characters') }}
                then 1
            else 0
        end as is_malformed,
        {{ redacted_raw_id('search_id') }} as logged_search_id,
        {{ redacted_raw_text('ts') }} as logged_ts,
        {{ redacted_raw_id('cid') }} as logged_cid,
        {{ redacted_raw_text('position') }} as logged_position,
        {{ redacted_raw_text('malformed_line') }} as logged_malformed_line
    from raw_click
)

select * from typed
