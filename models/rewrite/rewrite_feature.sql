{{ config(post_hook=unique_index(['query_text', 'rewritten_text'])) }}

-- One row per query_text and candidate text, with the evidence for and against it.
-- Features are integers: points of counts (log_points), hundredths of Zipf values, and
-- shares in percent.

with candidate as (
    select * from {{ ref('int_query_candidate') }}
),

compared_text as (
    select query_text from candidate
    union
    select rewritten_text from candidate
),

clicked_clip as (
    select distinct
        search.query_text,
        click.cid
    from {{ ref('int_enrichable_search') }} as search
    inner join {{ ref('clean_search_result_interaction') }} as click
        on search.search_id = click.search_id
    where
        search.clip_count > 0
        and search.query_text in (select query_text from compared_text)
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

typed_text as (
    select distinct query_text from candidate
),

word_of_text as (
    {{ words_of('typed_text', 'query_text', ['query_text']) }}
),

word_once as (
    select distinct
        query_text,
        word
    from word_of_text
),

words_looked_up as (
    select
        word_once.query_text,
        count(*) as word_count,
        sum(
            case
                when english_word.word is not null then 0
                when {{ is_latin_word('word_once.word') }} then 1
                else 0
            end
        ) as unlisted_word_count
    from word_once
    left join {{ ref('english_word') }} as english_word
        on word_once.word = english_word.word
    group by word_once.query_text
),

after_first_name as (
    select distinct
        query_term.query_text,
        query_term.second_word as word
    from {{ ref('int_query_term') }} as query_term
    inner join {{ ref('first_name') }} as first_name
        on query_term.first_word = first_name.name
    where query_term.second_word <> ''
),

-- How likely the next common word is new to the log, estimated from the words that only
-- one user typed (Good-Turing). The fewer those are, the more a word's absence means.
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
        candidate.typo,
        candidate.position,
        coalesce(term_candidate.frequency, own_words.frequency, 900) as frequency,
        coalesce(term_candidate.new_frequency, own_words.new_frequency, 900)
            as new_frequency,
        coalesce(term_candidate.user_count, own_words.user_count, typed.user_count, 1)
            as term_user_count,
        coalesce(
            term_candidate.new_user_count,
            own_words.new_user_count,
            rewritten.user_count,
            0
        ) as new_term_user_count,
        coalesce(term_candidate.lead_points, 0) as lead_points,
        -- A query that is new to the log has one user: the one who is typing it.
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
        coalesce(term_candidate.part_letter_count, 0) as part_letter_count,
        coalesce(term_candidate.least_new_frequency, 0) as least_new_frequency,
        coalesce(term_candidate.typo_points, 0) as typo_points,
        coalesce(run_together_rival.longer_first_frequency, 0)
            as longer_first_frequency,
        coalesce(run_together_rival.longer_second_frequency, 0)
            as longer_second_frequency,
        coalesce(run_together_rival.is_word_formed, 0) as is_word_formed,
        typed_word.unlisted_word_count
        - coalesce(term_candidate.unlisted_word_count, typed_word.unlisted_word_count)
            as other_unlisted_word_count,
        -- For rules on whole queries there are no other words.
        case
            when term_candidate.term is null then 0
            when instr(candidate.term, ' ') = 0 then typed_word.word_count - 1
            when typed_word.word_count > 2 then typed_word.word_count - 2
            else 0
        end as other_word_count,
        case when after_first_name.word is not null then 1 else 0 end
            as is_family_name,
        1e0 * (1 + coalesce(novelty.word_use_count, 0))
        / (1 + coalesce(novelty.new_word_count, 0)) as uses_per_new_word
    from candidate
    cross join novelty
    left join {{ ref('query_frequency') }} as typed
        on candidate.query_text = typed.query_text
    inner join words_looked_up as typed_word
        on candidate.query_text = typed_word.query_text
    left join {{ ref('query_frequency') }} as rewritten
        on candidate.rewritten_text = rewritten.query_text
    left join {{ ref('int_term_candidate') }} as term_candidate
        on
            candidate.term = term_candidate.term
            and candidate.new_term = term_candidate.new_term
            and candidate.rule = term_candidate.rule
    left join {{ ref('int_own_words') }} as own_words
        on
            candidate.query_text = own_words.query_text
            and candidate.rewritten_text = own_words.rewritten_text
    left join {{ ref('int_run_together_rival') }} as run_together_rival
        on
            candidate.term = run_together_rival.term
            and candidate.new_term = run_together_rival.new_term
    left join after_first_name
        on
            candidate.query_text = after_first_name.query_text
            and candidate.term = after_first_name.word
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
        typo,
        user_count,
        rewritten_user_count,
        retried_user_count,
        shared_clip_count,
        case
            when clicked_search_count > 0 and zero_result_count < search_count then 1
            else 0
        end as is_answered,
        frequency,
        new_frequency,
        least_new_frequency,
        case
            when frequency <= {{ var('unlisted_word_frequency') }} then 100
            else 0
        end as is_unlisted,
        case when other_unlisted_word_count > 0 then 100 else 0 end
            as is_beside_unlisted,
        {{ log_points('other_word_count') }} as other_word_points,
        100 * is_family_name as is_after_first_name,
        {{ log_points('part_letter_count') }} as part_letter_points,
        {{ log_points('part_user_count') }} as part_user_points,
        longer_first_frequency,
        longer_second_frequency,
        100 * is_word_formed as is_word_formed,
        case
            when rule in ('joined_words', 'misspelled_twice') then 'word list'
            when new_term_user_count > 0 then 'log'
            else 'word list'
        end as evidence,
        {{ log_points('term_user_count') }} as term_user_points,
        {{ log_points('new_term_user_count') }} as new_term_user_points,
        -- A large log makes absence certain, but says nothing of rare words: bounded.
        case
            when new_term_user_count > 0 then 0
            when 100 * ln(uses_per_new_word) > {{ var('most_absence_points') }}
                then {{ var('most_absence_points') }}
            else cast(round(100 * ln(uses_per_new_word)) as integer)
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
            when rule = 'misspelled' and position >= length(term) then 100
            else 0
        end as is_last_letter,
        typo_points,
        case when typo = 'letter too many' then 100 else 0 end as is_letter_too_many,
        case when typo = 'twin letter too many' then 100 else 0 end
            as is_twin_too_many,
        case when typo = 'vowel too many' then 100 else 0 end as is_vowel_too_many,
        case when typo = 'other letter' then 100 else 0 end as is_other_letter,
        case when typo = 'other vowel' then 100 else 0 end as is_other_vowel,
        case when typo = 'letter that sounds alike' then 100 else 0 end
            as is_alike_letter,
        case when typo = 'swapped letters' then 100 else 0 end as is_swap,
        cast(
            {{ rounded_ratio('100 * zero_result_count', 'search_count', 0) }} as integer
        ) as zero_result_percent,
        cast(
            {{ rounded_ratio('100 * clicked_search_count', 'search_count', 0) }}
            as integer
        ) as clicked_percent,
        case
            when rewritten_search_count = 0 then 0
            else cast(
                {{ rounded_ratio(
                    '100 * rewritten_clicked_search_count', 'rewritten_search_count', 0
                ) }} as integer
            )
        end as rewritten_clicked_percent
    from evidence
)

select * from rewrite_feature
