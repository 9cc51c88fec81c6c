{{ config(post_hook=unique_index(['query_text', 'cid', 'spell_number'])) }}

-- One row per query_text, clip and run of clicks at one position: between the first
-- and the last click the clip stood there, so each search was an impression.
--
-- The first and the last click are left out of the counts: they only say where to look.
-- Beyond the first page a search is no impression, since few people turn the page.

with grouped as (
    select
        query_text,
        cid,
        spell_number,
        position,
        count(*) as click_count,
        min(search_number) as first_search_number,
        max(search_number) as last_search_number,
        min(ts) as first_click_at,
        max(ts) as last_click_at,
        sum(is_early) as early_click_count,
        max(case when is_early = 1 then search_number end) as early_last_search_number
    from {{ ref('int_judged_click') }}
    group by query_text, cid, spell_number, position
),

deepest_click as (
    select
        query_text,
        max(position) as deepest_position
    from grouped
    where click_count > 1
    group by query_text
),

-- A search that found fewer results did not show the clip. Hardly any: a catalogue
-- seldom shrinks.
short_search as (
    select
        search.query_text,
        search.search_number,
        search.total
    from {{ ref('int_judged_search') }} as search
    inner join deepest_click
        on search.query_text = deepest_click.query_text
    where search.total < deepest_click.deepest_position
),

bracketed as (
    select
        grouped.query_text,
        grouped.cid,
        grouped.spell_number,
        grouped.position,
        grouped.click_count,
        grouped.first_search_number,
        grouped.last_search_number,
        grouped.first_click_at,
        grouped.last_click_at,
        grouped.early_click_count,
        grouped.early_last_search_number,
        count(short_search.search_number) as not_shown_count,
        sum(
            case
                when short_search.search_number < grouped.early_last_search_number
                    then 1
                else 0
            end
        ) as early_not_shown_count
    from grouped
    left join short_search
        on
            grouped.query_text = short_search.query_text
            and grouped.first_search_number < short_search.search_number
            and grouped.last_search_number > short_search.search_number
            and grouped.position > short_search.total
    group by
        grouped.query_text,
        grouped.cid,
        grouped.spell_number,
        grouped.position,
        grouped.click_count,
        grouped.first_search_number,
        grouped.last_search_number,
        grouped.first_click_at,
        grouped.last_click_at,
        grouped.early_click_count,
        grouped.early_last_search_number
),

moved as (
    select
        *,
        lag(position) over (
            partition by query_text, cid order by spell_number
        ) as previous_position,
        row_number() over (
            partition by query_text, cid, position order by spell_number
        ) as number_at_position
    from bracketed
),

spell as (
    select
        query_text,
        cid,
        spell_number,
        position,
        click_count,
        first_search_number,
        last_search_number,
        first_click_at,
        last_click_at,
        case
            when click_count < 3 then 0
            when position > {{ var('results_per_page') }} then 0
            else click_count - 2
        end as inner_click_count,
        case
            when click_count < 2 then 0
            when position > {{ var('results_per_page') }} then 0
            else last_search_number - first_search_number - 1 - not_shown_count
        end as inner_trial_count,
        case
            when early_click_count < 3 then 0
            when position > {{ var('results_per_page') }} then 0
            else early_click_count - 2
        end as early_inner_click_count,
        case
            when early_click_count < 2 then 0
            when position > {{ var('results_per_page') }} then 0
            else
                early_last_search_number - first_search_number - 1
                - early_not_shown_count
        end as early_inner_trial_count,
        case when position <> previous_position then 1 else 0 end as is_switch,
        case
            when position <> previous_position and number_at_position > 1 then 1
            else 0
        end as is_return
    from moved
)

select * from spell
