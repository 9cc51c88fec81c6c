{{ config(log='search_result_shown', follows='stg_search_result_interaction') }}

-- One row per raw shown result, whatever it contains: columns named and typed, personal
-- data redacted. Most sites do not log what they show: then it has no rows.
--
-- All logs are staged from the same loads, the clicks before what was shown.
-- depends_on: {{ ref('stg_search_result_interaction') if not execute }}

with raw_impression as (
    {{ raw_log('search_result_shown') }}
    {{ files_to_stage('search_result_shown') }}
),

placeholder as (
    {{ placeholder_ids() }}
),

stg_search_result_shown as (
    select
        file_id,
        line_number,
        {{ clean_id('search_id') }} as search_id,
        {{ clean_id('cid') }} as cid,
        {{ whole_number('position') }} as position,
        case
            when no_search.id is not null or no_clip.id is not null then 1
            else 0
        end as has_placeholder_id,
        {{ passed_through_redacted('search_result_shown') }}
        case
            when
                malformed_line is not null
                or length(search_id) > {{ var('max_value_characters') }}
                or length(cid) > {{ var('max_value_characters') }}
                or length(position) > {{ var('max_value_characters') }}
                then 1
            else 0
        end as is_malformed
    from raw_impression
    left join placeholder as no_search
        on
            lower({{ trimmed('raw_impression.search_id') }}) = no_search.id
            and no_search.is_no_search_id = 1
    left join placeholder as no_clip
        on
            lower({{ trimmed('raw_impression.cid') }}) = no_clip.id
            and no_clip.is_no_cid = 1
)

select * from stg_search_result_shown
