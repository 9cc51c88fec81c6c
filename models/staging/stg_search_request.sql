{{ config(log='search_request') }}

-- One row per raw search request, whatever it contains: columns named and typed, times
-- parsed, personal data redacted.

with raw_request as (
    {{ raw_log('search_request') }}
    {{ files_to_stage('search_request') }}
),

usual_time_read as (
    select
        file_id,
        line_number,
        search_id,
        search_query,
        ts,
        {{ usual_timestamp('ts') }} as usual_ts,
        cuid,
        total,
        applied_rewrite,
        {{ passed_through('search_request') }}
        malformed_line
    from raw_request
    {{ evaluated_once() }}
),

time_read as (
    select
        file_id,
        line_number,
        search_id,
        search_query,
        ts as logged_ts,
        usual_ts,
        {{ utc_timestamp('usual_ts', 'ts') }} as ts,
        cuid,
        total,
        applied_rewrite,
        {{ passed_through('search_request') }}
        malformed_line
    from usual_time_read
),

placeholder as (
    {{ placeholder_ids() }}
),

stg_search_request as (
    select
        file_id,
        line_number,
        {{ clean_id('search_id') }} as search_id,
        case
            when
                {{ trimmed('search_query') }} <> ''
                and length(search_query) <= {{ var('max_value_characters') }}
                then {{ redacted('search_query') }}
        end as search_query,
        ts,
        {{ timestamp_reject_reason('ts', 'logged_ts') }} as ts_reject_reason,
        case when ts is not null then {{ offset_minutes('usual_ts', 'logged_ts') }} end
            as utc_offset_minutes,
        {{ is_zone_assumed('usual_ts', 'ts', 'logged_ts') }} as is_zone_assumed,
        {{ clean_id('cuid') }} as cuid,
        {{ found_count('total') }} as total,
        case
            when {{ is_unknown_count('total') }} then 0
            when {{ found_count('total') }} is null then 1
            else 0
        end as is_total_unreadable,
        case
            when no_search.id is not null or no_user.id is not null then 1
            else 0
        end as has_placeholder_id,
        case
            when {{ trimmed('applied_rewrite') }} <> ''
                then {{ redacted_raw_text('applied_rewrite') }}
        end as applied_rewrite,
        {{ passed_through_redacted('search_request') }}
        case
            when
                malformed_line is not null
                or length(search_id) > {{ var('max_value_characters') }}
                or length(search_query) > {{ var('max_value_characters') }}
                or length(logged_ts) > {{ var('max_value_characters') }}
                or length(cuid) > {{ var('max_value_characters') }}
                or length(total) > {{ var('max_value_characters') }}
                then 1
            else 0
        end as is_malformed
    from time_read
    left join placeholder as no_search
        on
            lower({{ trimmed('time_read.search_id') }}) = no_search.id
            and no_search.is_no_search_id = 1
    left join placeholder as no_user
        on
            lower({{ trimmed('time_read.cuid') }}) = no_user.id
            and no_user.is_no_cuid = 1
)

select * from stg_search_request
