{{ config(post_hook=unique_index(['word'])) }}

-- One row per word of the public word lists: the English ones, and those of other
-- languages of the site. A word of several languages counts as English, unless it is
-- more than three times as frequent in another (50 points).

with word_list as (
    {{ word_list_rows() }}
    union all
    select
        frequency,
        words,
        1 as can_be_part
    from {{ ref('rare_word_list') }}
),

english_word as (
    select
        word,
        max(frequency) as frequency,
        case
            when max(frequency) - 50 <= max(case can_be_part when 1 then frequency end)
                then 1
            else 0
        end as can_be_part
    from (
        {{ words_of('word_list', 'words', ['frequency', 'can_be_part']) }}
    ) as listed_word
    group by word
)

select * from english_word
