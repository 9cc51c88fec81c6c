-- One row: which order of clicked clips predicts later clicks better, that by users or
-- that by clicks corrected for their positions. Both are learned from the early
-- searches.

with early_click as (
    select * from {{ ref('int_judged_click') }}
    where is_early = 1
),

learned as (
    select
        early_click.query_text,
        early_click.cid,
        count(distinct early_click.cuid) as user_count,
        count(*) as click_count,
        {{ corrected_clicks('bias.examination') }}
            as corrected_click_count,
        count(*) over (partition by early_click.query_text) as clip_count
    from early_click
    left join {{ ref('position_bias') }} as bias
        on
            early_click.position = bias.position
            and bias.learned_from = 'before_holdout'
    group by early_click.query_text, early_click.cid
),

ranked as (
    select
        query_text,
        cid,
        row_number() over (
            partition by query_text
            order by user_count desc, click_count desc, cid asc
        ) as counted_place,
        row_number() over (
            partition by query_text
            order by corrected_click_count desc, user_count desc, cid asc
        ) as corrected_place
    from learned
    where clip_count > 1
),

-- The first click of each later search, among the clips that were clicked before.
later_click as (
    select
        ranked.counted_place,
        ranked.corrected_place,
        row_number() over (
            partition by click.search_id
            order by click.clicked_at, click.position, click.cid
        ) as click_number
    from {{ ref('int_judged_click') }} as click
    inner join ranked
        on
            click.query_text = ranked.query_text
            and click.cid = ranked.cid
    where click.is_early = 0
),

predicted as (
    select
        case when counted_place = 1 then 1 else 0 end as is_counted_first,
        case when corrected_place = 1 then 1 else 0 end as is_corrected_first,
        case when counted_place < corrected_place then 1 else 0 end
            as is_counted_higher,
        case when corrected_place < counted_place then 1 else 0 end
            as is_corrected_higher
    from later_click
    where click_number = 1
),

compared as (
    select
        count(*) as later_click_count,
        coalesce(sum(is_counted_first), 0) as counted_first_count,
        coalesce(sum(is_corrected_first), 0) as corrected_first_count,
        coalesce(sum(is_counted_higher), 0) as counted_higher_count,
        coalesce(sum(is_corrected_higher), 0) as corrected_higher_count
    from predicted
),

bias as (
    select count(examination) as known_position_count
    from {{ ref('position_bias') }}
    where learned_from = 'before_holdout'
),

judgment_holdout as (
    select
        compared.later_click_count,
        compared.counted_first_count,
        case when bias.known_position_count > 0 then compared.corrected_first_count end
            as corrected_first_count,
        case when bias.known_position_count > 0 then compared.counted_higher_count end
            as counted_higher_count,
        case when bias.known_position_count > 0 then compared.corrected_higher_count end
            as corrected_higher_count,
        case
            -- Sign tests, repeated with every build: chance alone must hardly ever win.
            when
                bias.known_position_count > 0
                and compared.corrected_first_count - compared.counted_first_count
                > {{ var('holdout_z') }} * sqrt(
                    compared.corrected_first_count + compared.counted_first_count
                )
                and compared.corrected_higher_count - compared.counted_higher_count
                > {{ var('holdout_z') }} * sqrt(
                    compared.corrected_higher_count + compared.counted_higher_count
                )
                then 'corrected_click_count'
            else 'user_count'
        end as ordered_by
    from compared
    cross join bias
)

select * from judgment_holdout
