{{ config(post_hook=index_for_lookup(['pair_id'])) }}

-- One row per set of searches, clip of a query and position, for clips that stood at
-- two positions or more: how often the clip was shown there and clicked. Only such
-- clips tell what a position does.

with counted as (
    select
        'whole_log' as learned_from,
        query_text,
        cid,
        position,
        sum(inner_click_count) as click_count,
        sum(inner_trial_count) as trial_count
    from {{ ref('spell') }}
    group by query_text, cid, position
    having sum(inner_trial_count) >= {{ var('fewest_trials_at_position') }}
    union all
    select
        'before_holdout' as learned_from,
        query_text,
        cid,
        position,
        sum(early_inner_click_count) as click_count,
        sum(early_inner_trial_count) as trial_count
    from {{ ref('spell') }}
    group by query_text, cid, position
    having sum(early_inner_trial_count) >= {{ var('fewest_trials_at_position') }}
),

-- A dense number is much faster to join and group by than two texts.
numbered as (
    select
        counted.learned_from,
        dense_rank() over (
            order by counted.learned_from, counted.query_text, counted.cid
        ) as pair_id,
        counted.position,
        counted.click_count,
        counted.trial_count,
        count(*) over (
            partition by counted.learned_from, counted.query_text, counted.cid
        ) as position_count
    from counted
    inner join {{ ref('int_query_alternation') }} as alternation
        on counted.query_text = alternation.query_text
    where alternation.is_alternating = 0
),

int_position_trial as (
    select
        learned_from,
        pair_id,
        position,
        click_count,
        trial_count
    from numbered
    where position_count > 1
)

select * from int_position_trial
