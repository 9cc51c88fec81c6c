-- One row per decision of people on a rewrite: a review, or that a published rewrite
-- was withdrawn. A withdrawn one counts as rejected, unless it was approved or
-- published again.

with withdrawn as (
    select
        published.query_text,
        published.rewritten_text,
        'reject' as decision
    from {{ ref('published_rewrite') }} as published
    left join {{ ref('rewrite_review') }} as review
        on
            published.query_text = review.query_text
            and published.rewritten_text = review.rewritten_text
    where review.query_text is null
    group by published.query_text, published.rewritten_text
    having count(published.withdrawn_at) = count(*)
),

int_rewrite_decision as (
    select
        query_text,
        rewritten_text,
        decision
    from {{ ref('rewrite_review') }}
    union all
    select * from withdrawn
)

select * from int_rewrite_decision
