{{ config(post_hook=unique_index(['term', 'new_term'])) }}

-- One row per word that may be two words run together, and those two words: which other
-- English words its letters contain. "longingest" may be "long ingest", but it starts
-- with "longing" and continues with a common English ending.

with candidate as (
    select
        term,
        new_term,
        length(term) as letter_count,
        instr(new_term, ' ') - 1 as first_letter_count
    from {{ ref('int_term_candidate') }}
    where rule = 'run_together'
),

cut as (
    select
        candidate.term,
        candidate.new_term,
        candidate.first_letter_count,
        letter_position.position,
        substr(candidate.term, 1, letter_position.position) as beginning,
        substr(candidate.term, letter_position.position + 1) as ending
    from candidate
    cross join {{ ref('int_letter_position') }} as letter_position
    where candidate.letter_count > letter_position.position
),

begun as (
    select
        cut.term,
        cut.new_term,
        max(
            case
                when cut.position > cut.first_letter_count then english_word.frequency
                else 0
            end
        ) as longer_first_frequency,
        max(
            case
                when
                    english_word.frequency >= {{ var('rare_word_frequency') }}
                    and cut.position >= {{ var('least_suspect_letters') }}
                    and cut.ending in {{ word_endings() }}
                    then 1
                else 0
            end
        ) as is_word_formed
    from cut
    inner join {{ ref('english_word') }} as english_word
        on cut.beginning = english_word.word
    group by cut.term, cut.new_term
),

ended as (
    select
        cut.term,
        cut.new_term,
        max(english_word.frequency) as longer_second_frequency
    from cut
    inner join {{ ref('english_word') }} as english_word
        on cut.ending = english_word.word
    where cut.position < cut.first_letter_count
    group by cut.term, cut.new_term
),

int_run_together_rival as (
    select
        candidate.term,
        candidate.new_term,
        coalesce(begun.longer_first_frequency, 0) as longer_first_frequency,
        coalesce(ended.longer_second_frequency, 0) as longer_second_frequency,
        coalesce(begun.is_word_formed, 0) as is_word_formed
    from candidate
    left join begun
        on candidate.term = begun.term and candidate.new_term = begun.new_term
    left join ended
        on candidate.term = ended.term and candidate.new_term = ended.new_term
)

select * from int_run_together_rival
