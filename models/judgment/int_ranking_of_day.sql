{{ config(post_hook=unique_index(['day'])) }}

-- One row per UTC day with a judged search: how many times the ranking had changed.

with searched_day as (
    select distinct substr(ts, 1, 10) as day
    from {{ ref('int_judged_search') }}
),

int_ranking_of_day as (
    select
        searched_day.day,
        count(change.day) as ranking_number
    from searched_day
    left join {{ ref('ranking_change') }} as change
        on
            searched_day.day >= change.day
            and change.is_change = 1
    group by searched_day.day
)

select * from int_ranking_of_day
