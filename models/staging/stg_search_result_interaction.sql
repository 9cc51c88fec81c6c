{{ config(log='search_result_interaction', follows='stg_search_request') }}

-- One row per raw click on a search result, whatever it contains: columns named and
-- typed, times parsed, personal data redacted.
--
-- Both logs are staged from the same loads, the requests first.
-- depends_on: {{ ref('stg_search_request') if not execute }}

with raw_click as (
    {{ raw_log('search_result_interaction') }}
    {{ files_to_stage('search_result_interaction') }}
),

usual_time_read as (
    select
        file_id,
        line_number,
        search_id,
        ts,
        {{ usual_timestamp('ts') }} as usual_ts,
        cid,
        position,
        {{ passed_through('search_result_interaction') }}
        malformed_line
    from raw_click
    {{ evaluated_once() }}
),

time_read as (
    select
        file_id,
        line_number,
        search_id,
        ts as logged_ts,
        usual_ts,
        {{ utc_timestamp('usual_ts', 'ts') }} as ts,
        cid,
        position,
        {{ passed_through('search_result_interaction') }}
        malformed_line
    from usual_time_read
),

placeholder as (
    {{ placeholder_ids() }}
),

stg_search_result_interaction as (
    select
        file_id,
        line_number,
        {{ clean_id('search_id') }} as search_id,
        ts,
        {{ timestamp_reject_reason('ts', 'logged_ts') }} as ts_reject_reason,
        {{ is_zone_assumed('usual_ts', 'ts', 'logged_ts') }} as is_zone_assumed,
        {{ clean_id('cid') }} as cid,
        {{ whole_number('position') }} as position,
        case
            when no_search.id is not null or no_clip.id is not null then 1
            else 0
        end as has_placeholder_id,
        {{ passed_through_redacted('search_result_interaction') }}
        case
            when
                malformed_line is not null
                or length(search_id) > {{ var('max_value_characters') }}
                or length(logged_ts) > {{ var('max_value_characters') }}
                or length(cid) > {{ var('max_value_characters') }}
                or length(position) > {{ var('max_value_characters') }}
                then 1
            else 0
        end as is_malformed
    from time_read
    left join placeholder as no_search
        on
            lower({{ trimmed('time_read.search_id') }}) = no_search.id
            and no_search.is_no_search_id = 1
    left join placeholder as no_clip
        on
            lower({{ trimmed('time_read.cid') }}) = no_clip.id
            and no_clip.is_no_cid = 1
)

select * from stg_search_result_interaction
