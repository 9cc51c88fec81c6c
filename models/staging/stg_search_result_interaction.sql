-- One row per raw click on a search result, whatever it holds: named, typed, read,
-- redacted.

with raw_click as {{ inlined() }} (
    {{ raw_log('search_result_interaction', ['search_id', 'ts', 'cid', 'position']) }}
),

{{ odd_values('raw_click', {
    'clean_id': ['search_id', 'cid'],
    'timestamp_reading': ['ts'],
}) -}}

typed as (
    select
        file_id,
        line_number,
        {{ rule_applied('clean_id', 'search_id') }} as search_id,
        {{ rule_applied('timestamp_reading', 'ts') }} as ts_reading,
        {{ rule_applied('clean_id', 'cid') }} as cid,
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
        end as is_malformed
    from {{ with_odd_values('raw_click') }}
)

select * from typed
