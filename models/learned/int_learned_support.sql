-- One row per feature of rewrites and related queries: how much evidence the log has
-- for it, and whether that is enough. A feature without enough abstains.

with counted as (
    select
        'own vocabulary' as feature,
        count(*) as evidence_count
    from {{ ref('query_term') }}
    where word_count = 1 and user_count >= {{ var('known_word_users') }}
    union all
    select
        'popular queries' as feature,
        count(*) as evidence_count
    from {{ ref('query_frequency') }}
    where user_count >= {{ var('min_users') }}
    union all
    select
        'clicked queries' as feature,
        count(*) as evidence_count
    from {{ ref('query_frequency') }}
    where clicked_search_count > 0
    union all
    select
        'reformulations' as feature,
        count(*) as evidence_count
    from {{ ref('reformulation') }}
    where user_count >= 2
    union all
    select
        'known totals' as feature,
        count(total) as evidence_count
    from {{ ref('int_enrichable_search') }}
    union all
    select
        'shared clips' as feature,
        count(*) as evidence_count
    from (
        select click.cid
        from {{ ref('int_enrichable_search') }} as search
        inner join {{ ref('clean_search_result_interaction') }} as click
            on search.search_id = click.search_id
        where search.clip_count > 0
        group by click.cid
        having min(search.query_text) <> max(search.query_text)
    ) as shared_clip
    union all
    -- A log without words says nothing against a language.
    select
        'listed words' as feature,
        cast(
            coalesce(
                {{ rounded_ratio('100 * known_count', 'nullif(use_count, 0)', 0) }}, 100
            ) as integer
        ) as evidence_count
    from (
        select
            sum(case when first_frequency > 0 then user_count else 0 end)
                as known_count,
            sum(user_count) as use_count
        from {{ ref('query_term') }}
        where word_count = 1 and {{ is_latin_word('term') }}
    ) as word_use
),

int_learned_support as (
    select
        need.feature,
        counted.evidence_count,
        case when counted.evidence_count >= need.needed_count then 1 else 0 end
            as is_supported
    from {{ ref('support_need') }} as need
    inner join counted
        on need.feature = counted.feature
)

select * from int_learned_support
