{{ config(post_hook=unique_index(['query_text'])) }}

-- One row per title or owner of a clip, in the normal form of queries. Who types one
-- means it.

with named as (
    select {{ normalized('name') }} as query_text
    from {{ ref('clip') }}
    where name is not null
    union
    select {{ normalized('owner') }} as query_text
    from {{ ref('clip') }}
    where owner is not null
),

catalogue_name as (
    select query_text
    from named
    where query_text <> ''
)

select * from catalogue_name
