{{ config(post_hook=unique_index(['query_text'])) }}

-- One row per query_text with a proposed rewrite: the text that wins. A reviewer's
-- approval comes first, then the higher score. Rewrites that a reviewer rejected or
-- withdrew, or that would remove a protected term, are left out, and so are those that
-- would replace a query with its equivalent: both forms are in use.

with review as (
    select
        query_text,
        rewritten_text,
        decision
    from {{ ref('int_rewrite_decision') }}
),

touching_protected_term as (
    select distinct
        score.query_text,
        score.rewritten_text
    from {{ ref('rewrite_score') }} as score
    inner join {{ ref('protected_term') }} as protected_term
        on
            instr(' ' || score.query_text || ' ', ' ' || protected_term.term || ' ') > 0
            and instr(
                ' ' || score.rewritten_text || ' ', ' ' || protected_term.term || ' '
            ) = 0
    where score.tier <> 'none'
),

equivalent as (
    select
        query_text,
        equivalent_text as rewritten_text
    from {{ ref('equivalent_query') }}
    union all
    select
        equivalent_text as query_text,
        query_text as rewritten_text
    from {{ ref('equivalent_query') }}
),

proposed as (
    select
        score.query_text,
        score.rewritten_text,
        score.rule,
        score.tier,
        score.score
    from {{ ref('rewrite_score') }} as score
    left join touching_protected_term
        on
            score.query_text = touching_protected_term.query_text
            and score.rewritten_text = touching_protected_term.rewritten_text
    left join equivalent
        on
            score.query_text = equivalent.query_text
            and score.rewritten_text = equivalent.rewritten_text
    where
        score.tier <> 'none'
        and touching_protected_term.query_text is null
        and equivalent.query_text is null
),

approved as (
    select
        query_text,
        rewritten_text,
        'reviewed' as rule,
        'auto' as tier,
        1.0 as score
    from review
    where decision = 'approve'
),

-- A rejected pair is dropped; a rejection without a rewritten_text drops all rewrites
-- of that query. A text that a reviewer approved as a rewrite is not rewritten itself.
unreviewed as (
    select
        proposed.query_text,
        proposed.rewritten_text,
        proposed.rule,
        proposed.tier,
        proposed.score
    from proposed
    left join review
        on
            proposed.query_text = review.query_text
            and (
                review.decision = 'approve'
                or review.rewritten_text is null
                or proposed.rewritten_text = review.rewritten_text
            )
    left join approved
        on proposed.query_text = approved.rewritten_text
    where review.query_text is null and approved.rewritten_text is null
),

standing as (
    select * from approved
    union all
    select * from unreviewed
),

ranked as (
    select
        query_text,
        rewritten_text,
        rule,
        tier,
        score,
        row_number() over (
            partition by query_text
            order by
                case rule when 'reviewed' then 0 else 1 end asc,
                score desc,
                rewritten_text asc
        ) as place
    from standing
),

int_rewrite_choice as (
    select
        query_text,
        rewritten_text,
        rule,
        tier,
        score
    from ranked
    where place = 1
)

select * from int_rewrite_choice
