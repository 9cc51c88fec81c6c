-- One row per raw search request, whatever it holds: named, typed, read, redacted.

with raw_request as {{ inlined() }} (
    {{ raw_log(
        'search_request', ['search_id', 'search_query', 'ts', 'cuid', 'total']
    ) }}
),

{{ odd_values('raw_request', {
    'clean_id': ['search_id', 'cuid'],
    'redact_text': ['search_query'],
    'timestamp_reading': ['ts'],
}) -}}

typed as (
    select
        file_id,
        line_number,
        {{ rule_applied('clean_id', 'search_id') }} as search_id,
        case
            when
                {{ trimmed('search_query') }} <> ''
                and length(search_query) <= {{ var('max_value_characters') }}
                then {{ rule_applied('redact_text', 'search_query') }}
        end as search_query,
        {{ rule_applied('timestamp_reading', 'ts') }} as ts_reading,
        {{ utc_offset_minutes('ts') }} as utc_offset_minutes,
        {{ rule_applied('clean_id', 'cuid') }} as cuid,
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
        end as is_malformed
    from {{ with_odd_values('raw_request') }}
)

select * from typed
