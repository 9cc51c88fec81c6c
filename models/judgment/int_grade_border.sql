-- One row: the click rates that separate grades, which are quantiles of the rates of
-- pairs with firm evidence. Null if there is no such pair.

with ranked as (
    select
        click_rate,
        row_number() over (order by click_rate, query_text, cid) as place,
        count(*) over () as pair_count
    from {{ ref('int_judged_rate') }}
    where evidence = 'firm'
),

int_grade_border as (
    select
        max(
            case
                when place <= 1 + {{ var('low_rate_quantile') }} * (pair_count - 1)
                    then click_rate
            end
        ) as low_rate,
        max(
            case
                when place <= 1 + {{ var('high_rate_quantile') }} * (pair_count - 1)
                    then click_rate
            end
        ) as high_rate
    from ranked
)

select * from int_grade_border
