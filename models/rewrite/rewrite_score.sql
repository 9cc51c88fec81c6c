{{ config(post_hook=unique_index(['query_text', 'rewritten_text'])) }}

-- One row per query_text and candidate text: how likely it was meant, and the resulting
-- tier. Each rule has its own logistic regression, or two: one for new terms known from
-- the log, and one for those known only from the word list.
--
-- Weights are in thousandths and features in hundredths, so their sum is an integer and
-- the same on every engine. Only the last step uses floating point.
--
-- Weights that ask whether the typed query found anything and was clicked need a log
-- with enough clicks.
--
-- A query of one word that only a word list would take apart is more often a name, such
-- as of a band or a brand: then more is needed (auto_score_of_lone_words).
--
-- What only a word list knows counts where users type its language: in a German log,
-- most right words are near some English word.
--
-- Two typos in one word are only suggested. A word that found something is not cut into
-- three words or more: clips have it, as a tag for example.
--
-- A query that led to a click is changed automatically only if the log has the new text
-- as well: people found what they meant, and otherwise only a word list speaks for a
-- text that nobody typed.

with weighed as (
    select
        feature.query_text,
        feature.rewritten_text,
        feature.rule,
        case
            when
                feature.evidence = 'word list'
                and feature.rule in ('run_together', 'run_together_name')
                and instr(feature.query_text, ' ') = 0
                then 1
            else 0
        end as is_lone_word,
        case
            when feature.is_answered = 1 and feature.rewritten_user_count = 0 then 1
            else 0
        end as is_against_clicks,
        case
            when
                feature.rule = 'joined_words'
                and typed.zero_result_count < typed.search_count
                then 1
            else 0
        end as is_tag,
        case
            when
                feature.evidence = 'word list'
                and not ({{ is_supported('listed words') }})
                then 1
            else 0
        end as is_foreign,
        100 * weight.bias
        {%- for name in rewrite_features() %}
        + weight.{{ name }} * feature.{{ name }}
        {%- endfor %} as logit_points
    from {{ ref('rewrite_feature') }} as feature
    inner join {{ ref('rewrite_weight') }} as weight
        on feature.rule = weight.rule and feature.evidence = weight.evidence
    left join {{ ref('query_frequency') }} as typed
        on feature.query_text = typed.query_text
    where
        weight.weights = case
            when {{ is_supported('clicked queries') }}
                then '{{ var("rewrite_weights") }}'
            else 'text_and_users'
        end
),

scored as (
    select
        query_text,
        rewritten_text,
        rule,
        is_lone_word,
        is_against_clicks,
        is_tag,
        is_foreign,
        case
            when logit_points > 2000000 then 1.0
            when logit_points < -2000000 then 0.0
            else round(1e0 / (1e0 + exp(-logit_points / 100000.0)), 4)
        end as score
    from weighed
),

rewrite_score as (
    select
        query_text,
        rewritten_text,
        rule,
        score,
        case
            when is_tag = 1 or is_foreign = 1 then 'none'
            when
                is_against_clicks = 0
                and rule <> 'misspelled_twice'
                and score >= case
                    when is_lone_word = 1 then {{ var('auto_score_of_lone_words') }}
                    else {{ var('auto_score') }}
                end
                then 'auto'
            when score >= {{ var('suggest_score') }} then 'suggest'
            else 'none'
        end as tier
    from scored
)

select * from rewrite_score
