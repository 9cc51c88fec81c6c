-- One row per suspect term and other spacing of it: one word split in two, two words
-- joined, or the space between two words moved. All resulting words are known, except
-- after a first name, because no list has all family names.

with suspect as (
    select
        term,
        compact_term,
        letter_count,
        boundary_position,
        frequency
    from {{ ref('int_suspect_term') }}
),

run_together as {{ inlined() }} (
    select
        suspect.term,
        suspect.compact_term,
        suspect.letter_count,
        suspect.frequency,
        'run together' as typo,
        letter_position.position
    from suspect
    cross join {{ ref('int_letter_position') }} as letter_position
    where
        suspect.boundary_position = 0
        and suspect.letter_count > letter_position.position
),

space_moved as (
    select
        suspect.term,
        suspect.compact_term,
        suspect.letter_count,
        'space moved' as typo,
        letter_position.position
    from suspect
    cross join {{ ref('int_letter_position') }} as letter_position
    where
        suspect.boundary_position > 0
        and suspect.letter_count > letter_position.position
        and suspect.boundary_position <> letter_position.position
        and letter_position.position
        between suspect.boundary_position - {{ var('farthest_space_move') }}
        and suspect.boundary_position + {{ var('farthest_space_move') }}
),

cut as (
    select
        term,
        typo,
        position,
        substr(compact_term, 1, position) as first_word,
        substr(compact_term, position + 1) as second_word,
        letter_count - position as second_letter_count
    from run_together
    union all
    select
        term,
        typo,
        position,
        substr(compact_term, 1, position) as first_word,
        substr(compact_term, position + 1) as second_word,
        letter_count - position as second_letter_count
    from space_moved
),

split as (
    select
        cut.term,
        cut.first_word || ' ' || cut.second_word as new_term,
        cut.typo,
        cut.position
    from cut
    inner join {{ ref('int_vocabulary') }} as first_known
        on cut.first_word = first_known.word and first_known.can_be_part = 1
    inner join {{ ref('int_vocabulary') }} as second_known
        on cut.second_word = second_known.word and second_known.can_be_part = 1
    -- Single letters are initials or typos; only 'a' and 'i' are English words.
    where
        (cut.position > 1 or cut.first_word in ('a', 'i'))
        and (cut.second_letter_count > 1 or cut.second_word in ('a', 'i'))
),

known_first_name as (
    select first_name.name
    from {{ ref('first_name') }} as first_name
    inner join {{ ref('int_vocabulary') }} as vocabulary
        on first_name.name = vocabulary.word
),

-- The longest first name wins. `in` makes SQLite look up each prefix among the names;
-- with a join it might scan all words for each name.
named as (
    select
        run_together.term,
        max(run_together.position) as position
    from run_together
    left join {{ ref('int_vocabulary') }} as second_known
        on
            substr(run_together.compact_term, run_together.position + 1)
            = second_known.word
    where
        run_together.frequency = 0
        and run_together.position >= {{ var('least_suspect_letters') }}
        and run_together.letter_count - run_together.position
        >= {{ var('least_suspect_letters') }}
        and substr(run_together.compact_term, 1, run_together.position)
        in (select known_first_name.name from known_first_name)
        and second_known.word is null
        and {{ is_latin_word('run_together.compact_term') }}
    group by run_together.term
),

run_together_name as (
    select
        term,
        substr(term, 1, position) || ' ' || substr(term, position + 1) as new_term,
        'name run together' as typo,
        position
    from named
),

joined as (
    select
        suspect.term,
        vocabulary.word as new_term,
        'split' as typo,
        suspect.boundary_position as position
    from suspect
    inner join {{ ref('int_vocabulary') }} as vocabulary
        on suspect.compact_term = vocabulary.word
    where suspect.boundary_position > 0
),

int_spacing_candidate as (
    select * from split
    union all
    select * from run_together_name
    union all
    select * from joined
)

select * from int_spacing_candidate
