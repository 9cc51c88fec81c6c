-- One row per feature that learns from the log: how much evidence there is, how much it
-- needs, and the conclusion in words. And one row per reason to refuse a judgment: how
-- many pairs of a query and a clip were refused for it.

with counted as (
    select
        feature,
        evidence_count
    from {{ ref('int_learned_support') }}
    union all
    select
        'click grades' as feature,
        count(click_grade) as evidence_count
    from {{ ref('judgment') }}
    union all
    select
        'click rates' as feature,
        count(click_rate) as evidence_count
    from {{ ref('judgment') }}
    union all
    select
        'one ranking at a time' as feature,
        coalesce(max(site_switch_count), 0) as evidence_count
    from {{ ref('int_query_alternation') }}
    union all
    select
        'position bias' as feature,
        count(examination) as evidence_count
    from {{ ref('position_bias') }}
    where learned_from = 'whole_log'
    union all
    select
        'order of clips' as feature,
        coalesce(sum(counted_higher_count + corrected_higher_count), 0)
            as evidence_count
    from {{ ref('judgment_holdout') }}
    union all
    select
        'ranking changes' as feature,
        count(usual_share) as evidence_count
    from {{ ref('ranking_change') }}
),

refusal as (
    select
        'one_click' as refusal,
        'one search led to the clip' as reason
    union all
    select
        'one_user' as refusal,
        'one user clicked the clip' as reason
    union all
    select
        'ranking_alternates' as refusal,
        'the ranking goes back and forth, so it is not known what was shown' as reason
    union all
    select
        'private_query' as refusal,
        'too few users typed the query to publish it' as reason
    union all
    select
        'few_users' as refusal,
        'a few users made most searches for the query' as reason
),

refused as (
    select
        refusal.refusal,
        refusal.reason,
        count(judgment.refusal) as pair_count
    from refusal
    left join {{ ref('judgment') }} as judgment
        on refusal.refusal = judgment.refusal
    group by refusal.refusal, refusal.reason
),

log_support as (
    select
        need.feature,
        need.evidence,
        counted.evidence_count,
        need.needed_count,
        case when counted.evidence_count >= need.needed_count then 1 else 0 end
            as is_supported,
        need.feature || ': ' || {{ as_text('counted.evidence_count') }} || ' '
        || need.evidence || ', needs ' || {{ as_text('need.needed_count') }} || ': '
        || case
            when counted.evidence_count >= need.needed_count then 'supports '
            else 'too little for '
        end
        || need.enables as summary
    from {{ ref('support_need') }} as need
    inner join counted
        on need.feature = counted.feature
    union all
    select
        'refused: ' || refusal as feature,
        'refused pairs of a query and a clip' as evidence,
        pair_count as evidence_count,
        0 as needed_count,
        case when pair_count = 0 then 1 else 0 end as is_supported,
        'refused: ' || {{ as_text('pair_count') }}
        || ' pairs of a query and a clip, because ' || reason as summary
    from refused
)

select * from log_support
