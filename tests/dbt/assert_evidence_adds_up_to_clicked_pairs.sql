-- The classes of evidence add up to all pairs of a query and a clip that somebody
-- clicked: no pair is lost, and none has two classes.

with clicked as (
    select distinct
        query_text,
        cid
    from {{ ref('int_judged_click') }}
),

counted as (
    select
        (select count(*) from clicked) as clicked_pair_count,
        (
            select count(*) from {{ ref('judgment') }}
            where
                evidence in ('single', 'repeated', 'bracketed', 'firm', 'disputed')
        ) as judged_pair_count
)

select
    clicked_pair_count,
    judged_pair_count
from counted
where clicked_pair_count <> judged_pair_count
