{{ config(materialized='view') }}

-- One row per record of clip metadata that is not in clip: what was loaded, redacted,
-- and why. File and line are left out, as in the other rejected tables.
--
-- A data test adds up the records of both, so the clips are built first.
-- depends_on: {{ ref('clip') if not execute }}

with rejected_clip as (
    select
        logged_cid as cid,
        name,
        malformed_line,
        reject_reason
    from {{ ref('stg_clip') }}
    where reject_reason is not null
)

select * from rejected_clip
