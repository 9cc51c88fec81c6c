-- One row per suspect term and other way to set the space in it: a word as two, two
-- words as one, or the space between two words elsewhere. All words of it are known.

with suspect as (
    select
        term,
        compact_term,
        letter_count,
        boundary_position
    from {{ ref('int_suspect_term') }}
),

split as (
    select
        suspect.term,
        first_word.word || ' ' || second_word.word as new_term,
        case suspect.boundary_position
            when 0 then 'run together'
            else 'space moved'
        end as slip,
        letter_position.position
    from suspect
    inner join {{ ref('int_letter_position') }} as letter_position
        on
            suspect.letter_count > letter_position.position
            and suspect.boundary_position <> letter_position.position
            and (
                suspect.boundary_position = 0
                or abs(suspect.boundary_position - letter_position.position)
                <= {{ var('farthest_space_move') }}
            )
    inner join {{ ref('int_vocabulary') }} as first_word
        on substr(suspect.compact_term, 1, letter_position.position) = first_word.word
    inner join {{ ref('int_vocabulary') }} as second_word
        on
            substr(suspect.compact_term, letter_position.position + 1)
            = second_word.word
    -- Single letters are initials or typos; only two are words of English.
    where
        (first_word.letter_count > 1 or first_word.word in ('a', 'i'))
        and (second_word.letter_count > 1 or second_word.word in ('a', 'i'))
),

joined as (
    select
        suspect.term,
        vocabulary.word as new_term,
        'split' as slip,
        suspect.boundary_position as position
    from suspect
    inner join {{ ref('int_vocabulary') }} as vocabulary
        on suspect.compact_term = vocabulary.word
    where suspect.boundary_position > 0
),

int_spacing_candidate as (
    select * from split
    union all
    select * from joined
)

select * from int_spacing_candidate
