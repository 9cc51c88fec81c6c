{{ config(
    contract={'enforced': true},
    passes_through='search_request',
    follows='int_search_request_checked',
    post_hook=[unique_index(['search_id']), index_for_lookup(['cuid'])]
) }}

-- One row per search: a search_id whose request can be trusted.
--
-- The clean tables are published together: none changes before the tests of all checked
-- logs have passed.
-- depends_on: {{ ref('int_search_result_interaction_checked') }}
-- depends_on: {{ ref('int_search_result_shown_checked') if not execute }}

with checked_request as {{ inlined() }} (
    select
        search_id,
        search_query,
        ts,
        cuid,
        total,
        utc_offset_minutes,
        is_zone_assumed,
        is_ts_disputed,
        is_total_disputed,
        typed_row_count,
        applied_rewrite,
        {{ passed_through('search_request') }}
        raw_row_count
    from {{ only_affected(ref('int_search_request_checked')) }}
    where outcome = 'clean'
),

{% if is_partial_build() -%}
-- One new search can make a user automated, so all of that user's searches are judged.
touched_user as (
    select cuid from checked_request
    union
    select cuid
    from {{ this }}
    where search_id in (select search_id from {{ affected_search_id() }})
),

untouched_search as (
    select
        cuid,
        ts,
        is_automated
    from {{ this }}
    where
        cuid in (select cuid from touched_user)
        and search_id not in (select search_id from {{ affected_search_id() }})
),
{%- endif %}

dated_search as (
    select
        cuid,
        ts
    from checked_request
    {% if is_partial_build() -%}
    union all
    select
        cuid,
        ts
    from untouched_search
    {%- endif %}
),

-- Nobody types this many searches in a day: a crawler, a monitor, a shared account.
busy_day as (
    select
        cuid,
        substr(ts, 1, 10) as utc_day
    from dated_search
    group by cuid, substr(ts, 1, 10)
    having count(*) > {{ var('automated_searches_per_day') }}
),

automated_user as (
    select distinct cuid from busy_day
),

{% if is_partial_build() -%}
flipped_user as (
    select distinct untouched_search.cuid
    from untouched_search
    left join automated_user
        on untouched_search.cuid = automated_user.cuid
    where
        untouched_search.is_automated
        <> case when automated_user.cuid is not null then 1 else 0 end
),
{%- endif %}

clean_search_request as (
    select
        checked_request.search_id,
        checked_request.search_query,
        checked_request.ts,
        checked_request.cuid,
        checked_request.total,
        {{ normalized('checked_request.search_query') }} as query_text,
        {{ kind_of_query('checked_request.search_query') }} as query_kind,
        checked_request.utc_offset_minutes,
        checked_request.is_zone_assumed,
        checked_request.is_ts_disputed,
        checked_request.is_total_disputed,
        cast(checked_request.raw_row_count as integer) as raw_row_count,
        cast(checked_request.typed_row_count as integer) as typed_row_count,
        checked_request.applied_rewrite,
        case
            when {{ is_inferred_search_id('checked_request.search_id') }} then 1
            else 0
        end as is_search_id_inferred,
        {{ passed_through('search_request', 'checked_request') }}
        case when automated_user.cuid is not null then 1 else 0 end as is_automated
    from checked_request
    left join automated_user
        on checked_request.cuid = automated_user.cuid
    {% if is_partial_build() -%}
    union all
    select
        search_id,
        search_query,
        ts,
        cuid,
        total,
        query_text,
        query_kind,
        utc_offset_minutes,
        is_zone_assumed,
        is_ts_disputed,
        is_total_disputed,
        raw_row_count,
        typed_row_count,
        applied_rewrite,
        is_search_id_inferred,
        {{ passed_through('search_request') }}
        1 - is_automated as is_automated
    from {{ this }}
    where
        cuid in (select cuid from flipped_user)
        and search_id not in (select search_id from {{ affected_search_id() }})
    {%- endif %}
)

select * from clean_search_request
