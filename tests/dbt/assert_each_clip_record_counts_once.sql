-- Each landed record of clip metadata is in exactly one bucket: in a row of clip, which
-- counts the records that it represents, or rejected. Files that were loaded after clip
-- was built do not count.

with landed as (
    select count(*) as record_count
    from {{ rows_taken_in(source('landing', 'landed_clip'), 'clip', 'clip') }}
),

represented as (
    select coalesce(sum(raw_row_count), 0) as record_count
    from {{ ref('clip') }}
),

rejected as (
    select count(*) as record_count
    from {{ ref('rejected_clip') }}
)

select
    landed.record_count as landed_count,
    represented.record_count as represented_count,
    rejected.record_count as rejected_count
from landed
cross join represented
cross join rejected
where landed.record_count <> represented.record_count + rejected.record_count
