-- One row per suspect word and known word at Damerau distance 1, with the kind of
-- misspelling that leads from the known word to the suspect one. Some kinds are more
-- likely: people often miss a double letter or confuse vowels, rarely other letters.

with suspect as (
    select term as word
    from {{ ref('int_suspect_term') }}
    where word_count = 1 and {{ is_latin_word('term') }}
),

suspect_shortened as {{ materialized() }} (
    {{ shortened_words('suspect') }}
),

-- Words that are known only from the log.
site_word as (
    select word
    from {{ ref('int_vocabulary') }}
    where
        frequency = 0
        and letter_count >= {{ var('least_suspect_letters') }} - 1
        and {{ is_latin_word('word') }}
),

site_word_shortened as {{ materialized() }} (
    {{ shortened_words('site_word') }}
),

near as (
    {{ one_typo_apart(
        'suspect_shortened',
        [ref('int_listed_word_shortened'), 'site_word_shortened']
    ) }}
),

letter_taken as {{ materialized() }} (
    select
        term,
        new_term,
        typo,
        position,
        substr(term, position, 1) as letter,
        substr(new_term, position, 1) as new_letter
    from near
),

int_spelling_candidate as (
    select
        term,
        new_term,
        case
            when typo = 'swapped letters' then typo
            when
                typo = 'letter missing'
                and substr(new_term, position + 1, 1) = new_letter
                then 'twin letter missing'
            when
                typo = 'letter too many'
                and substr(term, position + 1, 1) = letter
                then 'twin letter too many'
            when typo = 'letter missing' and new_letter in {{ vowels() }}
                then 'vowel missing'
            when typo = 'letter too many' and letter in {{ vowels() }}
                then 'vowel too many'
            when typo <> 'other letter' then typo
            when letter in {{ vowels() }} and new_letter in {{ vowels() }}
                then 'other vowel'
            when {{ sound_alike('letter', 'new_letter') }}
                then 'letter that sounds alike'
            else typo
        end as typo,
        position
    from letter_taken
)

select * from int_spelling_candidate
