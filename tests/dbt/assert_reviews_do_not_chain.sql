-- A text that a reviewer approved as a rewrite has no approved rewrite itself.

select
    first_review.query_text,
    first_review.rewritten_text
from {{ ref('rewrite_review') }} as first_review
inner join {{ ref('rewrite_review') }} as second_review
    on first_review.rewritten_text = second_review.query_text
where first_review.decision = 'approve' and second_review.decision = 'approve'
