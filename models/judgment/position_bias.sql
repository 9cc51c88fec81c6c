{{ config(post_hook=unique_index(['learned_from', 'position'])) }}

{%- set last_step = var('examination_steps') %}

-- One row per set of searches and position of the first page: how often a result there
-- is looked at, compared with the first position; or why the log does not tell.
--
-- Of the clicks on a clip that moved, each position should have a share: its searches
-- times its examination. At least one of the clicks is at either position, otherwise
-- the move would be unknown, so they are drawn from a binomial distribution without its
-- two ends. Its mean says how many clicks to expect, and the examination that makes
-- clicks and expected clicks equal is found step by step.

with move as {{ materialized() }} (
    select * from {{ ref('int_position_move') }}
),

examination_0 as (
    select distinct
        learned_from,
        position,
        cast(1 as double) as examination
    from move
),
{% for step in range(1, last_step + 1) %}
shared_{{ step }} as (
    select
        move.learned_from,
        move.position,
        move.click_count,
        move.both_click_count,
        known.examination,
        1e0 * move.search_count * known.examination
        / sum(move.search_count * known.examination) over (partition by move.move_id)
            as share
    from move
    inner join examination_{{ step - 1 }} as known
        on
            move.learned_from = known.learned_from
            and move.position = known.position
),

-- A power above 1 takes longer steps, and ends at the same examination.
examination_{{ step }} as {{ materialized() }} (
    select
        learned_from,
        position,
        max(examination) * power(
            sum(click_count)
            / sum(
                both_click_count * share * (1 - power(share, both_click_count - 1))
                / (
                    1
                    - power(share, both_click_count)
                    - power(1 - share, both_click_count)
                )
            ),
            1.5
        ) as examination
    from shared_{{ step }}
    group by learned_from, position
),
{% endfor %}
-- Positions are comparable if a chain of clips links them.
linked_1 as {{ materialized() }} (
    select distinct
        move.learned_from,
        move.position,
        other.position as linked_position
    from move
    inner join move as other
        on move.move_id = other.move_id
),
{% for step in (2, 4, 8, 16, 32) %}
linked_{{ step }} as {{ materialized() }} (
    select distinct
        linked.learned_from,
        linked.position,
        other.linked_position
    from linked_{{ step // 2 }} as linked
    inner join linked_{{ step // 2 }} as other
        on
            linked.learned_from = other.learned_from
            and linked.linked_position = other.position
),
{% endfor %}
moved_clip as (
    select
        learned_from,
        count(distinct move_id) as pair_count
    from move
    group by learned_from
),

search_set as (
    select 'whole_log' as learned_from
    union all
    select 'before_holdout' as learned_from
),

learning as (
    select
        search_set.learned_from,
        coalesce(moved_clip.pair_count, 0) as pair_count
    from search_set
    left join moved_clip
        on search_set.learned_from = moved_clip.learned_from
),

-- What is clicked at each position, whether or not a clip moved.
shown as (
    select
        learning.learned_from,
        learning.pair_count,
        spell.position,
        sum(
            case learning.learned_from
                when 'whole_log' then spell.inner_trial_count
                else spell.early_inner_trial_count
            end
        ) as trial_count,
        sum(
            case learning.learned_from
                when 'whole_log' then spell.inner_click_count
                else spell.early_inner_click_count
            end
        ) as click_count
    from {{ ref('spell') }} as spell
    cross join learning
    where spell.position <= {{ var('results_per_page') }}
    group by learning.learned_from, learning.pair_count, spell.position
),

-- The same in each row.
site as (
    select
        max(site_switch_count) as switch_count,
        max(site_return_count) as return_count
    from {{ ref('int_query_alternation') }}
),

checked as (
    select
        shown.learned_from,
        shown.position,
        shown.trial_count,
        shown.click_count,
        shown.pair_count,
        case
            when
                site.switch_count >= {{ var('fewest_switches') }}
                and site.return_count
                > {{ var('most_return_share') }} * site.switch_count
                then 'ranking_alternates'
            when shown.pair_count < {{ var('fewest_moved_clips') }}
                then 'few_moved_clips'
            when linked.position is null then 'not_linked_to_first'
        end as refusal
    from shown
    cross join site
    left join linked_32 as linked
        on
            shown.learned_from = linked.learned_from
            and shown.position = linked.linked_position
            and linked.position = 1
),

position_bias as (
    select
        checked.learned_from,
        checked.position,
        checked.trial_count,
        checked.click_count,
        checked.pair_count,
        checked.refusal,
        case
            when checked.refusal is null
                then
                    {{ rounded_ratio(
                        'found.examination', 'nullif(first_position.examination, 0)', 4
                    ) }}
        end as examination
    from checked
    left join examination_{{ last_step }} as found
        on
            checked.learned_from = found.learned_from
            and checked.position = found.position
    left join examination_{{ last_step }} as first_position
        on
            checked.learned_from = first_position.learned_from
            and first_position.position = 1
)

select * from position_bias
