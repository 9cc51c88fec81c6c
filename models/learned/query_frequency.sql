{{ config(
    post_hook=[unique_index(['query_text']), index_for_lookup(['compact_text'])]
) }}

-- One row per query_text: how often it was searched, by how many users, and with what
-- success.

with search as (
    select * from {{ ref('int_enrichable_search') }}
),

total_ranked as (
    select
        query_text,
        total,
        row_number() over (partition by query_text order by total, search_id) as place,
        count(*) over (partition by query_text) as search_count
    from search
    where total is not null
),

-- For an even number of totals, the lower of the two in the middle: a total that really
-- occurred.
median_taken as (
    select
        query_text,
        total as median_total
    from total_ranked
    where 2 * place in (search_count, search_count + 1)
),

counted as (
    select
        query_text,
        count(*) as search_count,
        count(distinct cuid) as user_count,
        sum(case when clip_count > 0 then 1 else 0 end) as clicked_search_count,
        sum(clip_count) as clip_count,
        -- An unknown total is not zero: without any total, both are null.
        sum(case when total = 0 then 1 when total > 0 then 0 end) as zero_result_count,
        nullif(count(total), 0) as known_total_count,
        sum(best_position) as best_position_sum
    from search
    group by query_text
),

session_counted as (
    select
        query_text,
        count(distinct session_id) as session_count
    from {{ ref('int_session_search') }}
    where query_kind = 'text' and is_prefix_of_next = 0
    group by query_text
),

-- How many searches were for queries that are more frequent than those with a count.
ranked as (
    select
        search_count,
        sum(sum(search_count)) over (
            order by search_count desc
            rows between unbounded preceding and current row
        ) - sum(search_count) as more_frequent_search_count,
        sum(sum(search_count)) over () as all_search_count
    from counted
    group by search_count
),

-- The fewest searches of a query of the head, and of the torso.
band as (
    select
        min(
            case
                when 3 * more_frequent_search_count < all_search_count then search_count
            end
        ) as head_from,
        min(
            case
                when 3 * more_frequent_search_count < 2 * all_search_count
                    then search_count
            end
        ) as torso_from
    from ranked
),

query_frequency as (
    select
        counted.query_text,
        replace(counted.query_text, ' ', '') as compact_text,
        counted.search_count,
        counted.user_count,
        coalesce(session_counted.session_count, 0) as session_count,
        counted.clicked_search_count,
        counted.clip_count,
        counted.zero_result_count,
        {{ rounded_ratio('counted.zero_result_count', 'counted.known_total_count', 4) }}
            as zero_result_rate,
        median_taken.median_total,
        {{ rounded_ratio(
            'counted.best_position_sum',
            'nullif(counted.clicked_search_count, 0)', 2
        ) }} as mean_first_click_position,
        case
            when counted.search_count = 1 then 'tail'
            when counted.search_count >= band.head_from then 'head'
            when counted.search_count >= band.torso_from then 'torso'
            else 'tail'
        end as frequency_band
    from counted
    left join median_taken
        on counted.query_text = median_taken.query_text
    left join session_counted
        on counted.query_text = session_counted.query_text
    cross join band
)

select * from query_frequency
