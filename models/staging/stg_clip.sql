{{ config(log='clip', follows='stg_search_request') }}

-- One row per raw record of clip metadata, whatever it contains: columns named and
-- typed, times parsed, personal data redacted. The sample has none.
--
-- All logs are staged from the same loads, the requests first.
-- depends_on: {{ ref('stg_search_request') if not execute }}

with raw_clip as (
    select
        file_id,
        line_number,
        cid,
        name,
        description,
        {{ text_list('tags') }} as tags,
        {{ text_list('categories') }} as categories,
        owner,
        duration_seconds,
        plays,
        created_at,
        {{ passed_through('clip') }}
        malformed_line
    from {{ source('landing', 'landed_clip') }}
    {{ files_to_stage('clip') }}
),

usual_time_read as (
    select
        *,
        {{ usual_timestamp('created_at') }} as usual_created_at
    from raw_clip
    {{ evaluated_once() }}
),

-- A dbt seed cannot contain the word null.
placeholder as (
    select coalesce(id, 'null') as id
    from {{ ref('placeholder_id') }}
    where is_no_cid = 1
),

typed as (
    select
        raw.file_id,
        raw.line_number,
        {{ clean_id('raw.cid') }} as cid,
        {{ redacted_raw_id('raw.cid') }} as logged_cid,
        {{ redacted_raw_text('raw.name') }} as name,
        {{ redacted_raw_text('raw.description') }} as description,
        {{ redacted_raw_text('raw.tags') }} as tags,
        {{ redacted_raw_text('raw.categories') }} as categories,
        {{ redacted_raw_text('raw.owner') }} as owner,
        {{ whole_number('raw.duration_seconds') }} as duration_seconds,
        {{ whole_number('raw.plays') }} as plays,
        {{ utc_timestamp('raw.usual_created_at', 'raw.created_at') }} as created_at,
        {{ passed_through_redacted('clip') }}
        {{ redacted_raw_text('raw.malformed_line') }} as malformed_line,
        case when placeholder.id is not null then 1 else 0 end as has_placeholder_id,
        case
            when
                raw.malformed_line is not null
                or length(raw.cid) > {{ var('max_value_characters') }}
                then 1
            else 0
        end as is_malformed
    from usual_time_read as raw
    left join placeholder
        on lower({{ trimmed('raw.cid') }}) = placeholder.id
),

stg_clip as (
    select
        file_id,
        line_number,
        cid,
        logged_cid,
        name,
        description,
        tags,
        categories,
        owner,
        duration_seconds,
        plays,
        created_at,
        {{ passed_through('clip') }}
        malformed_line,
        case
            when is_malformed = 1 then 'malformed_line'
            when cid is null then 'missing_cid'
            when has_placeholder_id = 1 then 'placeholder_id'
        end as reject_reason
    from typed
)

select * from stg_clip
