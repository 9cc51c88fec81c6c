-- There are as many raw rows as the loader recorded: none was lost or duplicated
-- between the file and the ledger. Does not cover the sample, which has no load
-- records, files that were loaded after the ledger was built, or what is known of the
-- clips, which is no log.

with ledger_file as (
    {{ built_files('log_ledger') }}
),

recorded_content as (
    select distinct
        load_record.log,
        load_record.file_id,
        load_record.row_count
    from {{ source('landing', 'load_record') }} as load_record
    inner join ledger_file
        on
            load_record.log = ledger_file.log
            and load_record.file_id = ledger_file.file_id
    where load_record.log <> 'clip'
),

recorded as (
    select
        known_log.log,
        coalesce(sum(recorded_content.row_count), 0) as recorded_count
    from (
        select distinct log
        from {{ source('landing', 'load_record') }}
        where log <> 'clip'
    ) as known_log
    left join recorded_content
        on known_log.log = recorded_content.log
    group by known_log.log
),

raw_rows as (
    select
        log,
        row_count
    from {{ ref('log_ledger') }}
    where outcome = 'raw'
)

select
    recorded.log,
    recorded.recorded_count,
    coalesce(raw_rows.row_count, 0) as raw_count
from recorded
left join raw_rows
    on recorded.log = raw_rows.log
where recorded.recorded_count <> coalesce(raw_rows.row_count, 0)
