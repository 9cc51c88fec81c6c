{{ config(post_hook=unique_index(['query_text'])) }}

-- One row per title or owner of a clip, in the normal form of queries, with and without
-- its punctuation. Who types one means it.

with name as (
    select name
    from {{ ref('clip') }}
    where name is not null
    union
    select owner as name
    from {{ ref('clip') }}
    where owner is not null
),

named as (
    select {{ normalized('name') }} as query_text
    from name
    union
    select {{ title_words('name') }} as query_text
    from name
),

catalogue_name as (
    select query_text
    from named
    where query_text <> ''
)

select * from catalogue_name
