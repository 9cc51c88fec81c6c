{{ config(
    contract={'enforced': true},
    passes_through='search_result_interaction',
    follows='int_search_result_interaction_checked',
    post_hook=unique_index(['search_id', 'cid'])
) }}

-- One row per clip that a search led to: the first click on it, and how often it was
-- clicked.
--
-- A data test checks that every click has its search, so the searches are built first.
-- depends_on: {{ ref('clean_search_request') if not execute }}

with clean_search_result_interaction as (
    select
        search_id,
        ts,
        cid,
        position,
        cast(click_count as integer) as click_count,
        last_click_at,
        seconds_after_search,
        is_zone_assumed,
        case when {{ is_inferred_search_id('search_id') }} then 1 else 0 end
            as is_search_id_inferred,
        {{ passed_through('search_result_interaction') }}
        cast(raw_row_count as integer) as raw_row_count
    from {{ only_affected(ref('int_search_result_interaction_checked')) }}
    where outcome = 'clean'
)

select * from clean_search_result_interaction
