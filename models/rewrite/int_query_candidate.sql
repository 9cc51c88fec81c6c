{{ config(post_hook=unique_index(['query_text', 'rewritten_text'])) }}

-- One row per query_text and candidate text that may have been meant. If several rules
-- lead to the same text, the first in this order counts: a term of the query gets other
-- spaces, a term gets another spelling, another query has the same letters, another
-- query is one letter away, the query is cut into three words or more, a term has two
-- typos. Other queries count only in a log that has enough popular
-- ones. The title or owner of a clip has no candidates.

with candidate as (
    select
        term,
        new_term,
        rule,
        case rule when 'misspelled' then 2 else 1 end as rule_order,
        typo,
        position,
        new_frequency
    from {{ ref('int_term_candidate') }}
    union all
    select
        term,
        new_term,
        'misspelled_twice' as rule,
        6 as rule_order,
        'two letters' as typo,
        0 as position,
        null as new_frequency
    from {{ ref('int_far_candidate') }}
),

term_candidate as (
    select
        query_term.query_text,
        trim(
            replace(
                ' ' || query_term.query_text || ' ',
                ' ' || candidate.term || ' ',
                ' ' || candidate.new_term || ' '
            )
        ) as rewritten_text,
        candidate.rule_order,
        candidate.rule,
        candidate.term,
        candidate.new_term,
        candidate.typo,
        candidate.position
    from {{ ref('int_query_term') }} as query_term
    inner join candidate
        on query_term.term = candidate.term
    -- "thea ctofkilling" is less likely than "the act of killing".
    left join {{ ref('int_joined_words') }} as joined_words
        on
            query_term.query_text = joined_words.query_text
            and candidate.rule in ('run_together', 'run_together_name')
            and candidate.new_frequency < joined_words.new_frequency
    where joined_words.query_text is null
),

same_letters as (
    select
        typed.query_text,
        other.query_text as rewritten_text,
        3 as rule_order,
        'same_letters' as rule,
        typed.query_text as term,
        other.query_text as new_term,
        'spaces elsewhere' as typo,
        0 as position
    from {{ ref('int_asked_query') }} as typed
    inner join {{ ref('query_frequency') }} as other
        on
            typed.compact_text = other.compact_text
            and typed.query_text <> other.query_text
    where {{ is_supported('popular queries') }}
),

one_letter as (
    select
        query_text,
        rewritten_text,
        4 as rule_order,
        'one_letter' as rule,
        query_text as term,
        rewritten_text as new_term,
        typo,
        position
    from {{ ref('int_query_spelling_candidate') }}
),

joined_words as (
    select
        query_text,
        rewritten_text,
        5 as rule_order,
        'joined_words' as rule,
        query_text as term,
        rewritten_text as new_term,
        'spaces missing' as typo,
        0 as position
    from {{ ref('int_joined_words') }}
),

named as (
    select * from term_candidate
    union all
    select * from same_letters
    union all
    select * from one_letter
    union all
    select * from joined_words
),

ranked as (
    select
        query_text,
        rewritten_text,
        rule,
        term,
        new_term,
        typo,
        position,
        row_number() over (
            partition by query_text, rewritten_text
            order by rule_order, rule, term, new_term
        ) as place
    from named
    where
        rewritten_text <> query_text
        and query_text not in (select query_text from {{ ref('catalogue_name') }})
),

int_query_candidate as (
    select
        query_text,
        rewritten_text,
        rule,
        term,
        new_term,
        typo,
        position
    from ranked
    where place = 1
)

select * from int_query_candidate
