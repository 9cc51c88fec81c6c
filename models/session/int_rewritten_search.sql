{{ config(post_hook=unique_index(['search_id'])) }}

-- One row per search that the engine answered for a rewrite instead of what was typed:
-- the log says so, or the rewrite was published at the time. What it found is no
-- evidence about the typed text: learned from, a rewrite would erase its own reason.
--
-- It is undone if the user searched for the same text again right after, as typed. Only
-- a log that says what was rewritten tells.

with published as (
    select
        query_text,
        max(rewritten_text) as rewritten_text,
        published_from,
        coalesce(max(withdrawn_at), '9999') as published_until
    from {{ ref('published_rewrite') }}
    group by query_text, published_from
),

-- Materialized: without it, SQLite reads all that was published for each search.
matched as {{ materialized() }} (
    select
        search.search_id,
        search.query_text,
        search.cuid,
        search.is_automated,
        coalesce(search.applied_rewrite, published.rewritten_text) as rewritten_text,
        case when search.applied_rewrite is null then 0 else 1 end as is_logged,
        published.published_from
    from {{ ref('clean_search_request') }} as search
    left join published
        on
            search.query_text = published.query_text
            and search.ts >= published.published_from
            and search.ts < published.published_until
    where search.applied_rewrite is not null or published.query_text is not null
),

named as (
    select
        *,
        row_number() over (
            partition by search_id order by published_from desc
        ) as place
    from matched
),

followed as (
    select
        search.search_id,
        search.query_text,
        lead(search.query_text) over in_session as next_query_text,
        lead(coalesce(named.is_logged, 0)) over in_session as is_next_rewritten
    from {{ ref('int_session_search') }} as search
    left join named
        on search.search_id = named.search_id and named.place = 1
    window in_session as (
        partition by search.session_id order by search.search_number
    )
),

int_rewritten_search as (
    select
        named.search_id,
        named.query_text,
        named.rewritten_text,
        named.cuid,
        named.is_automated,
        case
            when
                named.is_logged = 1
                and followed.next_query_text = named.query_text
                and followed.is_next_rewritten = 0
                then 1
            else 0
        end as is_undone
    from named
    left join followed
        on named.search_id = followed.search_id
    where named.place = 1
)

select * from int_rewritten_search
