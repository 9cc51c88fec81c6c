{{ config(post_hook=unique_index(['query_text', 'preferred_cid', 'over_cid'])) }}

-- One row per query_text and two clips: how many searches showed both, and led to a
-- click on the lower one but not on the higher one. Only searches inside a spell of
-- each clip count, since those surely showed both.

with sure_spell as (
    select
        spell.query_text,
        spell.cid,
        spell.spell_number,
        spell.position,
        spell.first_search_number,
        spell.last_search_number
    from {{ ref('spell') }} as spell
    inner join {{ ref('int_query_alternation') }} as alternation
        on spell.query_text = alternation.query_text
    where
        spell.inner_trial_count >= {{ var('fewest_trials') }}
        and alternation.is_alternating = 0
),

sure_click as (
    select
        click.search_id,
        click.query_text,
        click.cid,
        click.position,
        click.search_number
    from {{ ref('int_judged_click') }} as click
    inner join sure_spell
        on
            click.query_text = sure_spell.query_text
            and click.cid = sure_spell.cid
            and click.spell_number = sure_spell.spell_number
    where
        click.search_number > sure_spell.first_search_number
        and click.search_number < sure_spell.last_search_number
),

passed_over as (
    select
        sure_click.search_id,
        sure_click.query_text,
        sure_click.cid as preferred_cid,
        higher.cid as over_cid
    from sure_click
    inner join sure_spell as higher
        on
            sure_click.query_text = higher.query_text
            and sure_click.position > higher.position
            and sure_click.search_number > higher.first_search_number
            and sure_click.search_number < higher.last_search_number
),

judgment_pair as (
    select
        passed_over.query_text,
        passed_over.preferred_cid,
        passed_over.over_cid,
        count(*) as search_count
    from passed_over
    left join {{ ref('int_judged_click') }} as click
        on
            passed_over.search_id = click.search_id
            and passed_over.over_cid = click.cid
    where click.cid is null
    group by passed_over.query_text, passed_over.preferred_cid, passed_over.over_cid
)

select * from judgment_pair
