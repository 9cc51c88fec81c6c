{{ config(post_hook=unique_index(['query_text'])) }}

-- One row per clicked query_text: whether its clips go back and forth between
-- positions, so that no spell says what was shown. Two rankers at once do that, and so
-- does personalisation.
--
-- Few switches say nothing about one query: then those of all queries decide.

with switched as (
    select
        query_text,
        sum(is_switch) as switch_count,
        sum(is_return) as return_count
    from {{ ref('spell') }}
    group by query_text
),

added_up as (
    select
        query_text,
        switch_count,
        return_count,
        sum(switch_count) over () as site_switch_count,
        sum(return_count) over () as site_return_count
    from switched
),

int_query_alternation as (
    select
        query_text,
        switch_count,
        return_count,
        site_switch_count,
        site_return_count,
        case
            when switch_count >= {{ var('fewest_switches') }}
                then
                    case
                        when
                            return_count > {{ var('most_return_share') }} * switch_count
                            then 1
                        else 0
                    end
            when
                site_switch_count >= {{ var('fewest_switches') }}
                and site_return_count
                > {{ var('most_return_share') }} * site_switch_count
                then 1
            else 0
        end as is_alternating
    from added_up
)

select * from int_query_alternation
