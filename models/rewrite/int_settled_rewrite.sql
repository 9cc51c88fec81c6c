{{ config(post_hook=index_for_lookup(['query_text'])) }}

-- One row per query_text with a proposed rewrite, followed to its final text: no
-- rewritten_text is the query_text of another row, so there are no chains or cycles.

with choice as (
    select * from {{ ref('int_rewrite_choice') }}
),

-- If two texts are proposed as rewrites of each other, the more likely one is kept.
one_way as (
    select
        choice.query_text,
        choice.rewritten_text,
        choice.rule,
        choice.tier,
        choice.score
    from choice
    left join choice as opposite
        on
            choice.query_text = opposite.rewritten_text
            and choice.rewritten_text = opposite.query_text
            and (
                (opposite.rule = 'reviewed' and choice.rule <> 'reviewed')
                or (
                    (opposite.rule = 'reviewed' or choice.rule <> 'reviewed')
                    and (
                        choice.score < opposite.score
                        or (
                            choice.score = opposite.score
                            and choice.query_text > opposite.query_text
                        )
                    )
                )
            )
    where opposite.query_text is null
),

-- The rewrites of rewritten texts. For a single bound query, those stored for the log.
onward as (
    select
        query_text,
        rewritten_text,
        tier,
        score
    from {% if var('asks_one_query') %}{{ this }}{% else %}one_way{% endif %}
),

-- If the rewritten text has a rewrite itself, that one is used. The weaker of the two
-- steps gives the tier and the score.
followed as (
    select
        first_step.query_text,
        coalesce(second_step.rewritten_text, first_step.rewritten_text)
            as rewritten_text,
        case when second_step.query_text is not null then first_step.rewritten_text end
            as via_text,
        first_step.rule,
        case
            when second_step.tier = 'suggest' then 'suggest'
            else first_step.tier
        end as tier,
        case
            when second_step.score < first_step.score then second_step.score
            else first_step.score
        end as score
    from one_way as first_step
    left join onward as second_step
        on first_step.rewritten_text = second_step.query_text
),

-- Longer chains and cycles are dropped, and so are pairs that a reviewer rejected. What
-- users undo is only offered, unless a reviewer approved it.
int_settled_rewrite as (
    select
        followed.query_text,
        followed.rewritten_text,
        followed.via_text,
        followed.rule,
        case
            when outcome.is_demoted = 1 and followed.rule <> 'reviewed' then 'suggest'
            else followed.tier
        end as tier,
        followed.score
    from followed
    left join onward as third_step
        on followed.rewritten_text = third_step.query_text
    left join {{ ref('int_rewrite_decision') }} as review
        on
            followed.query_text = review.query_text
            and followed.rewritten_text = review.rewritten_text
            and review.decision = 'reject'
    left join {{ ref('rewrite_outcome') }} as outcome
        on
            followed.query_text = outcome.query_text
            and followed.rewritten_text = outcome.rewritten_text
    where
        third_step.query_text is null
        and review.query_text is null
        and followed.rewritten_text <> followed.query_text
)

select * from int_settled_rewrite
