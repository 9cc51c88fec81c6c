{{ config(post_hook=unique_index(['term', 'new_term'])) }}

-- One row per suspect term and candidate term that may have been meant: the most likely
-- few (candidates_per_term).

with candidate as (
    select
        term,
        new_term,
        'misspelled' as rule,
        typo,
        position
    from {{ ref('int_spelling_candidate') }}
    -- Singular and plural are both correct.
    where not {{ one_and_many('term', 'new_term') }}
    union all
    select
        term,
        new_term,
        case typo
            when 'run together' then 'run_together'
            when 'name run together' then 'run_together_name'
            when 'space moved' then 'space_moved'
            else 'split'
        end as rule,
        typo,
        position
    from {{ ref('int_spacing_candidate') }}
),

suspect as (
    select
        term,
        user_count,
        first_frequency,
        second_frequency,
        word_count,
        case
            when first_frequency = 0 and {{ is_latin_word('first_word') }} then 1
            else 0
        end
        + case
            when second_frequency > 0 then 0
            when second_word <> '' and {{ is_latin_word('second_word') }} then 1
            else 0
        end as unlisted_word_count
    from {{ ref('int_asked_term') }}
),

new_word_taken as (
    select
        term,
        new_term,
        rule,
        typo,
        position,
        case
            when instr(new_term, ' ') = 0 then new_term
            else substr(new_term, 1, instr(new_term, ' ') - 1)
        end as first_new_word,
        case
            when instr(new_term, ' ') = 0 then ''
            else substr(new_term, instr(new_term, ' ') + 1)
        end as second_new_word
    from candidate
),

-- Unlisted words get a frequency just below that of the rarest listed words. The
-- frequency of two words together is what chance alone would give.
measured as (
    select
        candidate.term,
        candidate.new_term,
        candidate.rule,
        candidate.typo,
        candidate.position,
        case when suspect.user_count = 0 then 1 else suspect.user_count end
            as user_count,
        coalesce(new_term.user_count, 0) as new_user_count,
        {{ term_frequency(
            'suspect.first_frequency', 'suspect.second_frequency',
            'suspect.word_count = 2'
        ) }} as frequency,
        {{ term_frequency(
            'first_word.frequency', 'second_word.frequency',
            "candidate.second_new_word <> ''"
        ) }} as new_frequency,
        case
            when
                candidate.second_new_word <> ''
                and coalesce(second_word.frequency, 0) < first_word.frequency
                then coalesce(second_word.frequency, 0)
            else first_word.frequency
        end as least_new_frequency,
        case
            when
                candidate.second_new_word <> ''
                and coalesce(second_word.user_count, 0) < first_word.user_count
                then coalesce(second_word.user_count, 0)
            else first_word.user_count
        end as part_user_count,
        case
            when candidate.second_new_word = '' then 0
            when length(candidate.second_new_word) < first_word.letter_count
                then length(candidate.second_new_word)
            else first_word.letter_count
        end as part_letter_count,
        suspect.unlisted_word_count,
        coalesce(typo_likelihood.points, 0) as typo_points
    from new_word_taken as candidate
    inner join suspect
        on candidate.term = suspect.term
    inner join {{ ref('int_vocabulary') }} as first_word
        on candidate.first_new_word = first_word.word
    left join {{ ref('int_vocabulary') }} as second_word
        on candidate.second_new_word = second_word.word
    left join {{ ref('int_known_term') }} as new_term
        on candidate.new_term = new_term.term
    left join {{ ref('typo_likelihood') }} as typo_likelihood
        on
            candidate.typo = typo_likelihood.typo
            and case when candidate.position = 1 then 1 else 0 end
            = typo_likelihood.is_first_letter
),

strength_measured as (
    select
        term,
        new_term,
        rule,
        typo,
        position,
        user_count,
        new_user_count,
        frequency,
        new_frequency,
        least_new_frequency,
        part_user_count,
        part_letter_count,
        unlisted_word_count,
        typo_points,
        -- One Zipf unit is 2.3 in natural logarithms. Adding 0.1 avoids exact halves,
        -- which engines round differently.
        cast(round((23 * new_frequency + 0.1) / 10) as integer)
        + {{ log_points('new_user_count') }}
        + typo_points as strength
    from measured
),

ranked as (
    select
        term,
        new_term,
        rule,
        typo,
        position,
        user_count,
        new_user_count,
        frequency,
        new_frequency,
        least_new_frequency,
        part_user_count,
        part_letter_count,
        unlisted_word_count,
        typo_points,
        strength,
        row_number() over (
            partition by term order by strength desc, new_term asc
        ) as place,
        max(strength) over (
            partition by term order by strength desc, new_term asc
            rows between unbounded preceding and 1 preceding
        ) as stronger_strength,
        max(strength) over (
            partition by term order by strength desc, new_term asc
            rows between 1 following and unbounded following
        ) as weaker_strength
    from strength_measured
),

compared as (
    select
        term,
        new_term,
        rule,
        typo,
        position,
        user_count,
        new_user_count,
        frequency,
        new_frequency,
        least_new_frequency,
        part_user_count,
        part_letter_count,
        unlisted_word_count,
        typo_points,
        strength
        - coalesce(stronger_strength, weaker_strength, strength - 500) as lead_points
    from ranked
    where place <= {{ var('candidates_per_term') }}
),

-- A lead of more than 500 points, a factor of 150, counts as having no rival.
int_term_candidate as (
    select
        term,
        new_term,
        rule,
        typo,
        position,
        user_count,
        new_user_count,
        frequency,
        new_frequency,
        least_new_frequency,
        part_user_count,
        part_letter_count,
        unlisted_word_count,
        typo_points,
        case
            when lead_points > 500 then 500
            when lead_points < -500 then -500
            else lead_points
        end as lead_points
    from compared
)

select * from int_term_candidate
