{{ config(post_hook=unique_index(['query_text', 'cid'])) }}

-- One row per query_text and clip that a person should judge next: the log leaves its
-- grade open, since it has no interval or one that contains a border between grades.
-- Pairs that were judged already, and private queries, are left out.
--
-- Answers help most for frequent queries, for clips that were clicked seldom, and near
-- the top, where an error costs most.

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
        1e0 * judgment.search_count
        * coalesce(judgment.click_rate_high - judgment.click_rate_low, 1)
        / (judgment.place * judgment.click_count) as gain
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
            judgment.click_rate is null
            or border.low_rate
            between judgment.click_rate_low and judgment.click_rate_high
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
