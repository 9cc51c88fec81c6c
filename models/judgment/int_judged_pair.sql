{{ config(post_hook=unique_index(['query_text', 'cid'])) }}

-- One row per query_text and clip that a judged search led to: its clicks, and how
-- often it was shown, by the log or by its spells.

with clicked as (
    select
        click.query_text,
        click.cid,
        count(*) as click_count,
        count(distinct click.cuid) as user_count,
        min(click.clicked_at) as first_click_at,
        max(click.clicked_at) as last_click_at,
        sum(click.position) as position_sum,
        min(click.position) as position_min,
        count(distinct click.position) as position_count,
        {{ corrected_clicks('bias.examination') }}
            as corrected_click_count
    from {{ ref('int_judged_click') }} as click
    left join {{ ref('position_bias') }} as bias
        on
            click.position = bias.position
            and bias.learned_from = 'whole_log'
    group by click.query_text, click.cid
),

bracketed as (
    select
        query_text,
        cid,
        count(*) as spell_count,
        sum(inner_trial_count) as inner_trial_count,
        sum(inner_click_count) as inner_click_count
    from {{ ref('spell') }}
    group by query_text, cid
),

searched as (
    select
        query_text,
        count(*) as search_count,
        count(distinct cuid) as user_count
    from {{ ref('int_judged_search') }}
    group by query_text
),

-- Empty unless the site logs what it shows.
shown as (
    select
        search.query_text,
        shown.cid,
        count(*) as shown_trial_count,
        count(click.cid) as shown_click_count
    from {{ ref('clean_search_result_shown') }} as shown
    inner join {{ ref('int_judged_search') }} as search
        on shown.search_id = search.search_id
    left join {{ ref('int_judged_click') }} as click
        on
            shown.search_id = click.search_id
            and shown.cid = click.cid
    group by search.query_text, shown.cid
),

int_judged_pair as (
    select
        clicked.query_text,
        clicked.cid,
        clicked.click_count,
        clicked.user_count,
        searched.search_count,
        searched.user_count as query_user_count,
        sum(clicked.click_count) over (partition by clicked.query_text)
            as query_click_count,
        clicked.first_click_at,
        clicked.last_click_at,
        clicked.position_sum,
        clicked.position_min,
        clicked.position_count,
        clicked.corrected_click_count,
        bracketed.spell_count,
        bracketed.inner_trial_count,
        bracketed.inner_click_count,
        coalesce(shown.shown_trial_count, 0) as shown_trial_count,
        coalesce(shown.shown_click_count, 0) as shown_click_count,
        coalesce(shown.shown_trial_count, bracketed.inner_trial_count) as trial_count,
        coalesce(shown.shown_click_count, bracketed.inner_click_count)
            as trial_click_count,
        case when shown.cid is null then alternation.is_alternating else 0 end
            as is_disputed
    from clicked
    inner join bracketed
        on
            clicked.query_text = bracketed.query_text
            and clicked.cid = bracketed.cid
    inner join searched
        on clicked.query_text = searched.query_text
    inner join {{ ref('int_query_alternation') }} as alternation
        on clicked.query_text = alternation.query_text
    left join shown
        on
            clicked.query_text = shown.query_text
            and clicked.cid = shown.cid
)

select * from int_judged_pair
