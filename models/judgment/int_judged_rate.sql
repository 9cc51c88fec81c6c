{{ config(post_hook=unique_index(['query_text', 'cid'])) }}

-- One row per query_text and clip that a judged search led to: its rate of clicks with
-- a 90 % interval (Wilson), and the class of its evidence. Too few trials give no rate.

with tried as (
    select
        query_text,
        cid,
        click_count,
        is_disputed,
        case
            when is_disputed = 0 and trial_count >= {{ var('fewest_trials') }}
                then cast(trial_count as double)
        end as trials,
        case
            when is_disputed = 0 and trial_count >= {{ var('fewest_trials') }}
                then cast(trial_click_count as double) / trial_count
        end as rate
    from {{ ref('int_judged_pair') }}
),

interval_found as (
    select
        query_text,
        cid,
        click_count,
        is_disputed,
        trials,
        rate,
        {{ wilson_middle('rate', 'trials') }} as middle,
        {{ wilson_half_width('rate', 'trials') }} as half_width
    from tried
),

rounded as (
    select
        query_text,
        cid,
        click_count,
        is_disputed,
        trials,
        {{ rounded_ratio('rate', '1', 4) }} as click_rate,
        {{ rounded_ratio('(middle - half_width)', '1', 4) }} as click_rate_low,
        {{ rounded_ratio('(middle + half_width)', '1', 4) }} as click_rate_high
    from interval_found
),

int_judged_rate as (
    select
        query_text,
        cid,
        click_rate,
        click_rate_low,
        click_rate_high,
        case
            when
                trials >= {{ var('firm_trials') }}
                and click_rate_high - click_rate_low < {{ var('firm_width') }}
                then 'firm'
            when trials is not null then 'bracketed'
            when click_count = 1 then 'single'
            when is_disputed = 1 then 'disputed'
            else 'repeated'
        end as evidence
    from rounded
)

select * from int_judged_rate
