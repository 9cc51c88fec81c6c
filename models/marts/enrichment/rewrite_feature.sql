{{ config(post_hook=unique_index(['query_text', 'rewritten_text'])) }}

-- One row per query_text and text that may have been meant by it, with all that speaks
-- for and against it. Features are whole numbers: points (log_points) of counts,
-- hundredths of Zipf values, shares in percent.

with candidate as (
    select * from {{ ref('int_query_candidate') }}
),

clicked_clip as (
    select distinct
        search.query_text,
        click.cid
    from {{ ref('int_enrichable_search') }} as search
    inner join {{ ref('clean_search_result_interaction') }} as click
        on search.search_id = click.search_id
    where search.clip_count > 0
),

shared_clip_counted as (
    select
        candidate.query_text,
        candidate.rewritten_text,
        count(*) as shared_clip_count
    from candidate
    inner join clicked_clip
        on candidate.query_text = clicked_clip.query_text
    inner join clicked_clip as rewritten_clip
        on
            candidate.rewritten_text = rewritten_clip.query_text
            and clicked_clip.cid = rewritten_clip.cid
    group by candidate.query_text, candidate.rewritten_text
),

rarest_word_found as (
    select
        query_term.query_text,
        min(
            coalesce(english_word.frequency, {{ var('unlisted_word_frequency') }})
        ) as least_frequency
    from {{ ref('int_query_term') }} as query_term
    left join {{ ref('english_word') }} as english_word
        on query_term.term = english_word.word
    where query_term.second_word = ''
    group by query_term.query_text
),

-- How likely the next common word is one that the log has not seen: as often as words
-- of one single user came so far (Good and Turing). The fewer, the more a word's absence
-- tells.
novelty as (
    select
        sum(case when user_count = 1 then 1 else 0 end) as new_word_count,
        sum(user_count) as word_use_count
    from {{ ref('query_term') }}
    where word_count = 1 and first_frequency >= {{ var('rare_word_frequency') }}
),

evidence as (
    select
        candidate.query_text,
        candidate.rewritten_text,
        candidate.rule,
        candidate.term,
        candidate.new_term,
        candidate.slip,
        candidate.position,
        coalesce(term_candidate.frequency, typed_word.least_frequency) as frequency,
        coalesce(term_candidate.new_frequency, rewritten_word.least_frequency)
            as new_frequency,
        coalesce(term_candidate.user_count, typed.user_count, 1) as term_user_count,
        coalesce(term_candidate.new_user_count, rewritten.user_count, 0)
            as new_term_user_count,
        coalesce(term_candidate.lead_points, 0) as lead_points,
        -- Who types a query that is new to the log is its one user.
        coalesce(typed.search_count, 1) as search_count,
        coalesce(typed.user_count, 1) as user_count,
        coalesce(typed.zero_result_count, 0) as zero_result_count,
        coalesce(typed.clicked_search_count, 0) as clicked_search_count,
        coalesce(rewritten.search_count, 0) as rewritten_search_count,
        coalesce(rewritten.user_count, 0) as rewritten_user_count,
        coalesce(rewritten.clicked_search_count, 0) as rewritten_clicked_search_count,
        coalesce(forth.user_count, 0) as retried_user_count,
        coalesce(back.user_count, 0) as returned_user_count,
        coalesce(shared_clip_counted.shared_clip_count, 0) as shared_clip_count,
        coalesce(term_candidate.part_user_count, 0) as part_user_count,
        coalesce(term_candidate.least_new_frequency, 0) as least_new_frequency,
        1.0 * (1 + coalesce(novelty.word_use_count, 0))
        / (1 + coalesce(novelty.new_word_count, 0)) as uses_per_new_word
    from candidate
    cross join novelty
    left join {{ ref('query_frequency') }} as typed
        on candidate.query_text = typed.query_text
    inner join rarest_word_found as typed_word
        on candidate.query_text = typed_word.query_text
    left join {{ ref('query_frequency') }} as rewritten
        on candidate.rewritten_text = rewritten.query_text
    left join rarest_word_found as rewritten_word
        on candidate.rewritten_text = rewritten_word.query_text
    left join {{ ref('int_term_candidate') }} as term_candidate
        on
            candidate.term = term_candidate.term
            and candidate.new_term = term_candidate.new_term
            and candidate.rule = term_candidate.rule
    left join {{ ref('reformulation') }} as forth
        on
            candidate.query_text = forth.query_text
            and candidate.rewritten_text = forth.next_query_text
    left join {{ ref('reformulation') }} as back
        on
            candidate.query_text = back.next_query_text
            and candidate.rewritten_text = back.query_text
    left join shared_clip_counted
        on
            candidate.query_text = shared_clip_counted.query_text
            and candidate.rewritten_text = shared_clip_counted.rewritten_text
),

rewrite_feature as (
    select
        query_text,
        rewritten_text,
        rule,
        term,
        new_term,
        slip,
        user_count,
        rewritten_user_count,
        retried_user_count,
        shared_clip_count,
        frequency,
        new_frequency,
        least_new_frequency,
        {{ log_points('part_user_count') }} as part_user_points,
        case when new_term_user_count > 0 then 'log' else 'word list' end as evidence,
        {{ log_points('term_user_count') }} as term_user_points,
        {{ log_points('new_term_user_count') }} as new_term_user_points,
        case
            when new_term_user_count = 0
                then cast(round(100 * ln(uses_per_new_word)) as integer)
            else 0
        end as absence_points,
        {{ log_points('user_count') }} as user_points,
        {{ log_points('rewritten_user_count') }} as rewritten_user_points,
        {{ log_points('retried_user_count') }} as retried_points,
        {{ log_points('returned_user_count') }} as returned_points,
        {{ log_points('shared_clip_count') }} as shared_clip_points,
        {{ log_points('length(term)') }} as letter_points,
        lead_points,
        case when position = 1 and rule = 'misspelled' then 100 else 0 end
            as is_first_letter,
        case
            when term || 's' = new_term or new_term || 's' = term then 100
            else 0
        end as is_plural,
        case when slip = 'swapped letters' then 100 else 0 end as is_swap,
        case when slip = 'other letter' then 100 else 0 end as is_other_letter,
        cast(round(100.0 * zero_result_count / search_count) as integer)
            as zero_result_percent,
        cast(round(100.0 * clicked_search_count / search_count) as integer)
            as clicked_percent,
        case
            when rewritten_search_count = 0 then 0
            else cast(
                round(100.0 * rewritten_clicked_search_count / rewritten_search_count)
                as integer
            )
        end as rewritten_clicked_percent
    from evidence
)

select * from rewrite_feature
