{{ config(post_hook=unique_index(['query_text', 'cid'])) }}

-- One row per query_text and clip that a person should judge next: those of frequent
-- queries whose interval contains a border between grades, so that the log leaves the
-- grade open. Pairs that were judged already, and private queries, are left out.

with open_pair as (
    select
        judgment.query_text,
        judgment.cid,
        judgment.search_count,
        judgment.click_rate,
        judgment.click_rate_low,
        judgment.click_rate_high,
        judgment.click_grade,
        judgment.evidence,
        judgment.search_count * (judgment.click_rate_high - judgment.click_rate_low)
            as gain
    from {{ ref('judgment') }} as judgment
    cross join {{ ref('int_grade_border') }} as border
    left join {{ ref('judgment_review') }} as review
        on
            judgment.query_text = review.query_text
            and judgment.cid = review.cid
    where
        judgment.is_publishable = 1
        and review.cid is null
        and (
            border.low_rate between judgment.click_rate_low and judgment.click_rate_high
            or border.high_rate
            between judgment.click_rate_low and judgment.click_rate_high
        )
),

ranked as (
    select
        query_text,
        cid,
        search_count,
        click_rate,
        click_rate_low,
        click_rate_high,
        click_grade,
        evidence,
        row_number() over (
            order by round(gain + 0.0000001, 4) desc, query_text asc, cid asc
        ) as place
    from open_pair
),

judgment_to_ask as (
    select
        place,
        query_text,
        cid,
        search_count,
        click_rate,
        click_rate_low,
        click_rate_high,
        click_grade,
        evidence
    from ranked
    where place <= {{ var('judgments_to_ask') }}
)

select * from judgment_to_ask
