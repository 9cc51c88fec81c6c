{{ config(post_hook=unique_index(['query_text', 'cid'])) }}

-- One row per query_text and clip that somebody clicked: how much a search engine
-- should raise the clip for the query. It grows with the logarithm of the users who
-- clicked, and is shrunk towards 0 where they are few. A clip that a reviewer gave
-- grade 0 is not raised.
--
-- Users count, not clicks: who clicks often raises a clip once.

with query_clip_boost as (
    select
        query_text,
        cid,
        case
            when grade = 0 then cast(0 as double)
            else
                {{ rounded_ratio(
                    'ln(1e0 + user_count) * user_count',
                    '(user_count + ' ~ var('boost_prior_users') ~ ')', 4
                ) }}
        end as boost,
        place,
        click_count,
        user_count,
        search_count,
        share_of_clicks,
        evidence,
        grade,
        case
            when is_publishable = 1 and user_count >= {{ var('boost_users') }} then 1
            else 0
        end as is_publishable
    from {{ ref('judgment') }}
)

select * from query_clip_boost
