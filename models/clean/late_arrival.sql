{{ config(materialized='view') }}

-- One row: how many clean clicks there are, how many of them arrived in a later or an
-- earlier load than their search, and how many clicks wait for their searches. A
-- pipeline with a look-back window would lose the late rows.

-- Rows of the sample's seeds have no load record, and do not count. Inner joins would
-- leave them out too, but make SQLite read all rows for each file.
with file_arrival as (
    select
        log,
        file_id,
        min(loaded_at) as arrived_at
    from {{ source('landing', 'load_record') }}
    group by log, file_id
),

request_arrival as (
    select
        checked.search_id,
        file_arrival.arrived_at
    from {{ ref('int_search_request_checked') }} as checked
    left join file_arrival
        on
            checked.file_id = file_arrival.file_id
            and file_arrival.log = 'search_request'
    where checked.outcome = 'clean'
),

click_arrival as (
    select
        checked.search_id,
        file_arrival.arrived_at
    from {{ ref('int_search_result_interaction_checked') }} as checked
    left join file_arrival
        on
            checked.file_id = file_arrival.file_id
            and file_arrival.log = 'search_result_interaction'
    where checked.outcome = 'clean'
),

waiting_click as (
    select count(*) as waiting_click_count
    from {{ ref('waiting_search_result_interaction') }}
),

late_arrival as (
    select
        count(
            case
                when
                    click_arrival.arrived_at is not null
                    and request_arrival.arrived_at is not null
                    then 1
            end
        ) as click_count,
        coalesce(
            sum(
                case
                    when click_arrival.arrived_at > request_arrival.arrived_at then 1
                    else 0
                end
            ),
            0
        ) as late_click_count,
        coalesce(
            sum(
                case
                    when click_arrival.arrived_at < request_arrival.arrived_at then 1
                    else 0
                end
            ),
            0
        ) as late_request_count,
        (select waiting_click_count from waiting_click) as waiting_click_count
    from click_arrival
    inner join request_arrival
        on click_arrival.search_id = request_arrival.search_id
)

select * from late_arrival
