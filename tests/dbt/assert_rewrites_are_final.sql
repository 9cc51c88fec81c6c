-- No rewritten text is rewritten again: there are no chains or cycles, and rewriting
-- twice equals rewriting once. No query is rewritten to itself.

select
    first_step.query_text,
    first_step.rewritten_text
from {{ ref('query_rewrite') }} as first_step
inner join {{ ref('query_rewrite') }} as second_step
    on first_step.rewritten_text = second_step.query_text
union all
select
    query_text,
    rewritten_text
from {{ ref('query_rewrite') }}
where query_text = rewritten_text
