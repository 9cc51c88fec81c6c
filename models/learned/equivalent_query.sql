{{ config(post_hook=unique_index(['query_text', 'equivalent_text'])) }}

-- One row per two queries that are both in use and mean the same: `timelapse` and "time
-- lapse". Neither is an error, so neither is rewritten to the other: an engine searches
-- for both. `query_text` is the one that fewer users typed.
--
-- In use is what several users typed, found and clicked, and what is surely (Wilson's
-- interval) no small share of those who typed one of the two: a single typo is rare
-- next to the right form. The meaning is the same if only spaces differ, or
-- if one letter differs and both led to the same clips. The same clips alone are not
-- enough: those of "drone" and "drone 2019" are the same as well.

with used as (
    select
        query_text,
        compact_text,
        user_count,
        clicked_search_count
    from {{ ref('query_frequency') }}
    where
        user_count >= {{ var('min_users') }}
        and clicked_search_count >= {{ var('equivalent_clicks') }}
        and 2 * coalesce(zero_result_count, 0) <= search_count
        and not ({{ is_dominated('search_count', 'user_count') }})
        and {{ is_supported('popular queries') }}
),

clicked_clip as (
    select
        search.query_text,
        click.cid
    from {{ ref('int_enrichable_search') }} as search
    inner join {{ ref('clean_search_result_interaction') }} as click
        on search.search_id = click.search_id
    inner join used
        on search.query_text = used.query_text
    where search.clip_count > 0
    group by search.query_text, click.cid
),

telling_clip as (
    select cid
    from clicked_clip
    group by cid
    having count(*) between 2 and {{ var('most_queries_of_telling_clip') }}
),

sharing as {{ materialized() }} (
    select
        clicked_clip.query_text,
        other.query_text as equivalent_text,
        count(*) as shared_clip_count
    from telling_clip
    inner join clicked_clip
        on telling_clip.cid = clicked_clip.cid
    inner join clicked_clip as other
        on
            telling_clip.cid = other.cid
            and clicked_clip.query_text <> other.query_text
    group by clicked_clip.query_text, other.query_text
),

-- Texts with digits are left out: another number means something else.
sharing_word as {{ materialized() }} (
    select distinct query_text as word
    from sharing
    where
        shared_clip_count >= {{ var('equivalent_clips') }}
        and length(query_text) <= {{ var('most_suspect_letters') }}
        and {{ is_latin_word("replace(replace(query_text, ' ', ''), '''', '')") }}
        and {{ is_supported('shared clips') }}
),

sharing_shortened as {{ materialized() }} (
    {{ shortened_words('sharing_word') }}
),

one_letter as (
    {{ one_typo_apart('sharing_shortened', ['sharing_shortened']) }}
),

named as (
    select
        typed.query_text,
        other.query_text as equivalent_text,
        'same_letters' as rule
    from used as typed
    inner join used as other
        on
            typed.compact_text = other.compact_text
            and typed.query_text <> other.query_text
    union all
    select
        one_letter.term as query_text,
        one_letter.new_term as equivalent_text,
        'one_letter' as rule
    from one_letter
    inner join sharing
        on
            one_letter.term = sharing.query_text
            and one_letter.new_term = sharing.equivalent_text
            and sharing.shared_clip_count >= {{ var('equivalent_clips') }}
    where replace(one_letter.term, ' ', '') <> replace(one_letter.new_term, ' ', '')
),

compared as (
    select distinct
        named.query_text,
        named.equivalent_text,
        named.rule,
        typed.user_count,
        other.user_count as equivalent_user_count,
        typed.clicked_search_count,
        other.clicked_search_count as equivalent_clicked_search_count,
        typed.user_count + other.user_count as both_user_count,
        1e0 * typed.user_count / (typed.user_count + other.user_count) as share
    from named
    inner join used as typed
        on named.query_text = typed.query_text
    inner join used as other
        on named.equivalent_text = other.query_text
    where
        typed.user_count < other.user_count
        or (
            typed.user_count = other.user_count
            and typed.query_text > other.query_text
        )
),

shared_measured as (
    select
        compared.query_text,
        compared.equivalent_text,
        compared.rule,
        compared.user_count,
        compared.equivalent_user_count,
        compared.clicked_search_count,
        compared.equivalent_clicked_search_count,
        coalesce(sharing.shared_clip_count, 0) as shared_clip_count,
        {{ wilson_middle('share', 'both_user_count') }}
        - {{ wilson_half_width('share', 'both_user_count') }} as user_share_low
    from compared
    left join sharing
        on
            compared.query_text = sharing.query_text
            and compared.equivalent_text = sharing.equivalent_text
),

-- What a reviewer decided about a query or about the two of them stands.
equivalent_query as (
    select
        measured.query_text,
        measured.equivalent_text,
        measured.rule,
        measured.user_count,
        measured.equivalent_user_count,
        measured.clicked_search_count,
        measured.equivalent_clicked_search_count,
        measured.shared_clip_count,
        {{ rounded_ratio('user_share_low', '1', 4) }} as user_share_low
    from shared_measured as measured
    left join {{ ref('rewrite_review') }} as review
        on
            (
                measured.query_text = review.query_text
                and coalesce(review.rewritten_text, measured.equivalent_text)
                = measured.equivalent_text
            )
            or (
                measured.equivalent_text = review.query_text
                and coalesce(review.rewritten_text, measured.query_text)
                = measured.query_text
            )
    where
        measured.user_share_low > {{ var('equivalent_share') }}
        and review.query_text is null
)

select * from equivalent_query
