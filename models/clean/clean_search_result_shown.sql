{{ config(
    contract={'enforced': true},
    passes_through='search_result_shown',
    follows='int_search_result_shown_checked',
    post_hook=unique_index(['search_id', 'cid'])
) }}

-- One row per clip that a search showed, at the lowest of its positions. It has no rows
-- if the site does not log what it shows.
--
-- A data test checks that every shown result has its search, so the searches are built
-- first, and so are the clicks, whose test reads the searches too.
-- depends_on: {{ ref('clean_search_request') if not execute }}
-- depends_on: {{ ref('clean_search_result_interaction') if not execute }}

with clean_search_result_shown as (
    select
        search_id,
        cid,
        position,
        {{ passed_through('search_result_shown') }}
        cast(raw_row_count as integer) as raw_row_count
    from {{ only_affected(ref('int_search_result_shown_checked')) }}
    where outcome = 'clean'
)

select * from clean_search_result_shown
