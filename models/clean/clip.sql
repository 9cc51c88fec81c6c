{{ config(
    contract={'enforced': true},
    passes_through='clip',
    follows='stg_clip',
    refresh='everything',
    post_hook=unique_index(['cid'])
) }}

-- One row per clip with metadata. Of several records of a clip, the one that was loaded
-- last wins, and in one file the last line.

with latest_first as (
    select
        *,
        row_number() over (
            partition by cid
            order by file_id desc, line_number desc
        ) as place,
        count(*) over (partition by cid) as raw_row_count
    from {{ ref('stg_clip') }}
    where reject_reason is null
),

clip as (
    select
        cid,
        name,
        description,
        tags,
        categories,
        owner,
        duration_seconds,
        plays,
        created_at,
        {{ passed_through('clip') }}
        cast(raw_row_count as integer) as raw_row_count
    from latest_first
    where place = 1
)

select * from clip
