-- One row per feature that learns from the log: how much evidence there is, how much it
-- needs, and the conclusion in words.

with counted as (
    select
        feature,
        evidence_count
    from {{ ref('int_learned_support') }}
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
)

select * from log_support
