{{ config(post_hook=unique_index(['query_text'])) }}

-- One row per query of a single unlisted word that may be three words or more without
-- their spaces ("thefinalcut"), and those words. Of all ways to cut it into common
-- words, the one that chance alone would give most often counts; a word that is rather
-- two words has no row. The way to each position is found once, from the best ways to
-- the positions before it (Viterbi). A way that is less likely than letters at random,
-- each of which costs a factor of ten (100 points), is not followed.
--
-- Only whole queries: who types other spaces seldom leaves out two in a row.

with suspect as (
    select
        suspect.term,
        suspect.letter_count
    from {{ ref('int_suspect_term') }} as suspect
    inner join {{ ref('int_asked_query') }} as asked
        on suspect.term = asked.query_text
    where
        suspect.word_count = 1
        and suspect.frequency = 0
        and suspect.letter_count >= {{ var('least_joined_letters') }}
        and {{ is_latin_word('suspect.term') }}
),

{%- for number in range(1, var('most_joined_words') + 1) %}

reached_{{ number }} as (
    {%- if number == 1 %}
    select
        suspect.term,
        suspect.letter_count,
        letter_position.position,
        common_word.frequency - 900 as points,
        common_word.word as words
    from suspect
    inner join {{ ref('int_letter_position') }} as letter_position
        on suspect.letter_count > letter_position.position
    inner join {{ ref('int_vocabulary') }} as common_word
        on substr(suspect.term, 1, letter_position.position) = common_word.word
    {%- else %}
    select
        previous.term,
        previous.letter_count,
        letter_position.position,
        previous.points + common_word.frequency - 900 as points,
        previous.words || ' ' || common_word.word as words
    from best_{{ number - 1 }} as previous
    inner join {{ ref('int_letter_position') }} as letter_position
        on
            previous.position < letter_position.position
            and previous.letter_count >= letter_position.position
    inner join {{ ref('int_vocabulary') }} as common_word
        on
            substr(
                previous.term,
                previous.position + 1,
                letter_position.position - previous.position
            ) = common_word.word
    {%- endif %}
    -- Single letters are initials or typos; only 'a' and 'i' are English words.
    where
        common_word.frequency >= {{ var('rare_word_frequency') }}
        and common_word.can_be_part = 1
        and (common_word.letter_count > 1 or common_word.word in ('a', 'i'))
),

ranked_{{ number }} as (
    select
        term,
        letter_count,
        position,
        points,
        words,
        row_number() over (
            partition by term, position order by points desc, words asc
        ) as place
    from reached_{{ number }}
),

best_{{ number }} as {{ materialized() }} (
    select
        term,
        letter_count,
        position,
        points,
        words
    from ranked_{{ number }}
    where place = 1 and points >= -100 * letter_count
),
{%- endfor %}

cut as (
    {%- for number in range(2, var('most_joined_words') + 1) %}
    select
        term,
        words,
        points,
        {{ number }} as word_count
    from best_{{ number }}
    where position = letter_count
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}
),

cut_ranked as (
    select
        term,
        words,
        points,
        word_count,
        row_number() over (
            partition by term order by points desc, word_count asc
        ) as place
    from cut
),

int_joined_words as (
    select
        term as query_text,
        words as rewritten_text,
        900 + points as new_frequency
    from cut_ranked
    where place = 1 and word_count > 2
)

select * from int_joined_words
