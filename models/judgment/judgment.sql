{{ config(post_hook=unique_index(['query_text', 'cid'])) }}

-- One row per query_text and clip that somebody clicked: how sure the log is that the
-- clip answers the query, as a rate with an interval and a grade, or why there is none.
--
-- Clicks never give grade 0: a clip that nobody saw looks like one that nobody wants.

with pair as (
    select
        pair.query_text,
        pair.cid,
        pair.click_count,
        pair.user_count,
        pair.search_count,
        pair.query_user_count,
        pair.first_click_at,
        pair.last_click_at,
        {{ rounded_ratio('pair.position_sum', 'pair.click_count', 2) }}
            as position_mean,
        pair.position_min,
        pair.position_count,
        pair.spell_count,
        pair.inner_trial_count,
        pair.inner_click_count,
        pair.shown_trial_count,
        pair.shown_click_count,
        rate.click_rate,
        rate.click_rate_low,
        rate.click_rate_high,
        {{ rounded_ratio('pair.click_count', 'pair.query_click_count', 4) }}
            as share_of_clicks,
        pair.corrected_click_count,
        rate.evidence
    from {{ ref('int_judged_pair') }} as pair
    inner join {{ ref('int_judged_rate') }} as rate
        on
            pair.query_text = rate.query_text
            and pair.cid = rate.cid
),

refused as (
    select
        pair.*,
        case
            when pair.evidence = 'single' then 'one_click'
            when pair.user_count < 2 then 'one_user'
            when pair.evidence = 'disputed' then 'ranking_alternates'
        end as grade_refusal
    from pair
),

graded as (
    select
        refused.*,
        case
            when refused.grade_refusal is not null then null
            when refused.click_rate_low >= border.high_rate then 3
            when
                refused.share_of_clicks >= {{ var('top_click_share') }}
                and refused.user_count >= {{ var('top_click_users') }}
                then 3
            when refused.click_rate_high < border.low_rate then 1
            else 2
        end as click_grade
    from refused
    cross join {{ ref('int_grade_border') }} as border
),

judgment as (
    select
        graded.query_text,
        graded.cid,
        row_number() over (
            partition by graded.query_text
            order by
                case
                    when holdout.ordered_by = 'corrected_click_count'
                        then graded.corrected_click_count
                    else graded.user_count
                end desc,
                graded.click_count desc,
                graded.position_mean desc,
                graded.cid asc
        ) as place,
        holdout.ordered_by,
        graded.click_count,
        graded.user_count,
        graded.search_count,
        graded.first_click_at,
        graded.last_click_at,
        graded.position_mean,
        graded.position_min,
        graded.position_count,
        graded.spell_count,
        graded.inner_trial_count,
        graded.inner_click_count,
        graded.shown_trial_count,
        graded.shown_click_count,
        graded.click_rate,
        graded.click_rate_low,
        graded.click_rate_high,
        graded.share_of_clicks,
        graded.corrected_click_count,
        graded.evidence,
        graded.click_grade,
        coalesce(review.grade, graded.click_grade) as grade,
        case
            when graded.query_user_count < {{ var('min_users') }} then 0
            when {{ is_dominated('graded.search_count', 'graded.query_user_count') }}
                then 0
            else 1
        end as is_publishable,
        case
            when graded.grade_refusal is not null then graded.grade_refusal
            when graded.query_user_count < {{ var('min_users') }} then 'private_query'
            when {{ is_dominated('graded.search_count', 'graded.query_user_count') }}
                then 'few_users'
        end as refusal
    from graded
    cross join {{ ref('judgment_holdout') }} as holdout
    left join {{ ref('judgment_review') }} as review
        on
            graded.query_text = review.query_text
            and graded.cid = review.cid
)

select * from judgment
