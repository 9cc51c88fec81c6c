{%- set window = "'2005-01-01T00:00:00.000Z', '2035-01-01T00:00:00.000Z', ''" -%}
{%- set white = "chr(9) || chr(10) || chr(11) || chr(12) || chr(13) || ' '" -%}

{%- macro may_need_redaction(text) -%}
regexp_matches({{ text }}, '[^ -~]|[@%]|:.*:|[0-9]\.[0-9]|(?:[0-9][^0-9]*){8}')
{%- endmacro -%}

{%- macro id_of(value) -%}
case
    when regexp_full_match({{ value }}, '[-0-9A-Z_a-z]+') then {{ value }}
    when
        trim({{ value }}, {{ white }}) <> ''
        and length({{ value }}) <= 2048
        and trim({{ value }}, {{ white }}) not in (
            select logged from redaction where redacted <> logged
        )
    then trim({{ value }}, {{ white }})
end
{%- endmacro -%}

{%- macro number_of(value) -%}
case
    when regexp_full_match(trim({{ value }}, {{ white }}), '[0-9]{1,9}([.]0+)?')
    then cast(split_part(trim({{ value }}, {{ white }}), '.', 1) as integer)
end
{%- endmacro -%}

{%- macro is_unknown(total) -%}
coalesce(lower(trim({{ total }}, {{ white }})), '') in (
    '', 'null', 'none', 'nil', 'nan', 'n/a', 'undefined', '-', '\n'
)
{%- endmacro -%}

{%- macro is_usual_time() -%}
regexp_full_match(
    ts,
    '20(?:0[6-9]|[12][0-9]|3[0-3])-[0-9]{2}-[0-9]{2}[T ](?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]'
    || '(?:[.][0-9]{3} [+-](?:0[0-9]|1[01])[0-5][0-9]|[+-](?:0[0-9]|1[01]):[0-5][0-9])'
)
{%- endmacro -%}

{%- macro timed(log) -%}
(
    select
        raw.*,
        case
            when moment is null then coalesce(odd_time.reading, 'timestamp_unreadable')
            else strftime(
                moment - to_minutes(hhmm // 100 * 60 + hhmm % 100), '%Y-%m-%dT%H:%M:%S.'
            ) || case when length(raw.ts) = 29 then raw.ts[21:23] else '000' end || 'Z'
        end as reading,
        case
            when moment is null then odd_time.utc_offset_minutes
            else hhmm // 100 * 60 + hhmm % 100
        end as utc_offset_minutes
    from (
        select
            *,
            case when {{ is_usual_time() }} then try_cast(ts[:19] as timestamp) end
                as moment,
            try_cast(replace(right(ts, 6), ':', '') as integer) as hhmm
        from landed_{{ log }}
    ) as raw
    left join odd_time on raw.moment is null and raw.ts = odd_time.logged
) as raw
{%- endmacro -%}

{%- macro is_malformed(columns) -%}
coalesce(malformed_line is not null
{%- for column in columns %} or length({{ column }}) > 2048{% endfor %}, false)
{%- endmacro -%}

{%- macro shown_text(value) -%}
case
    when trim({{ value }}, {{ white }}) = '' then null
    else coalesce(
        (select redacted from shown where logged = {{ value }}[:2048]), {{ value }}[:2048]
    )
end
{%- endmacro -%}

{%- macro shown_id(value) -%}
case
    when
        regexp_full_match(trim({{ value }}, {{ white }}), '[-0-9A-Z_a-z]+')
        and length({{ value }}) <= 2048
    then {{ value }}
    else {{ shown_text(value) }}
end
{%- endmacro -%}

{%- macro is_good_click() -%}
not is_malformed and search_id is not null and cid is not null and position > 0
    and ts < 'a' and searched_at is not null and delay between -2000 and 86400000
    and coalesce(position <= total, true)
{%- endmacro -%}

-- The clean layer, hand-written for DuckDB: reads the landed logs, writes the two clean
-- and the two rejected tables. The text rules are the project's functions, called only
-- for odd texts; everything else is independent of the project.

-- Texts that may hold personal data, each redacted once.
create temporary table redaction as
select logged, redact_text(logged) as redacted
from (
    select distinct search_query as logged
    from landed_search_request
    where length(search_query) <= 2048 and {{ may_need_redaction('search_query') }}
    union
    select trim(id, {{ white }})
    from (
        select search_id as id from landed_search_request
        union all select cuid from landed_search_request
        union all select search_id from landed_search_result_interaction
        union all select cid from landed_search_result_interaction
    )
    where not regexp_full_match(id, '[-0-9A-Z_a-z]*') and length(id) <= 2048
);

-- Times that are not in one of the two common forms, each text parsed once.
create temporary table odd_time as
select
    ts as logged,
    coalesce(
        read_timestamp(ts, {{ window }}),
        timestamp_reject_reason(ts, {{ window }})
    ) as reading,
    utc_offset_minutes(ts, '') as utc_offset_minutes
from (
    select ts from landed_search_request
    where not {{ is_usual_time() }} or try_cast(ts[:19] as timestamp) is null
    union
    select ts from landed_search_result_interaction
    where not {{ is_usual_time() }} or try_cast(ts[:19] as timestamp) is null
)
where ts is not null;

-- Totals that are objects, each text read once.
create temporary table object_total as
select total as logged, read_found_count(total) as found_count
from (
    select distinct total
    from landed_search_request
    where starts_with(trim(total, {{ white }}), '{')
);

create temporary table request as
select
    file_id,
    line_number,
    {{ id_of('search_id') }} as search_id,
    case
        when trim(search_query, {{ white }}) <> '' and length(search_query) <= 2048
        then coalesce(redaction.redacted, search_query)
    end as search_query,
    reading as ts,
    utc_offset_minutes,
    {{ id_of('cuid') }} as cuid,
    coalesce(object_total.found_count, {{ number_of('raw.total') }}) as total,
    not {{ is_unknown('raw.total') }} as is_total_logged,
    case
        when {{ is_malformed(['search_id', 'search_query', 'ts', 'cuid', 'raw.total']) }}
        then 'malformed_line'
    end as malformed
from {{ timed('search_request') }}
left join redaction on raw.search_query = redaction.logged
left join object_total on raw.total = object_total.logged;

create temporary table click as
select
    file_id,
    line_number,
    {{ id_of('search_id') }} as search_id,
    reading as ts,
    {{ id_of('cid') }} as cid,
    {{ number_of('position') }} as position,
    {{ is_malformed(['search_id', 'ts', 'cid', 'position']) }} as is_malformed
from {{ timed('search_result_interaction') }};

-- Requests, alone and with those of the same search_id.
create temporary table judged_request as
select
    * exclude (malformed, is_total_logged),
    case
        when malformed is not null then malformed
        when search_id is null then 'missing_search_id'
        when cuid is null then 'missing_cuid'
        when search_query is null then 'missing_query'
        when total is null and is_total_logged then 'invalid_total'
        when ts > 'a' then ts
    end as reject_reason
from request;

drop table request;

create temporary table repeat as
with
repeated as (
    select search_id
    from judged_request
    where reject_reason is null
    group by search_id
    having count(*) > 1
),
evidence as (
    select search_id, min(ts) as first_click_at
    from click
    where not is_malformed and cid is not null and position > 0 and ts < 'a'
    and search_id in (from repeated)
    group by search_id
),
placed as (
    select
        judged_request.*,
        first_click_at,
        coalesce(ts <= first_click_at, false) as is_before,
        row_number() over preference as place,
        search_query = first_value(search_query) over preference
        and cuid = first_value(cuid) over preference as is_same
    from judged_request
    semi join repeated on judged_request.search_id = repeated.search_id
    left join evidence on judged_request.search_id = evidence.search_id
    where reject_reason is null
    window preference as (
        partition by judged_request.search_id
        order by
            coalesce(ts <= first_click_at, false) desc,
            case when ts <= first_click_at then ts else '' end desc,
            ts, search_query, cuid, utc_offset_minutes nulls last, file_id, line_number
    )
),
of_same_id as (
    select
        search_id,
        count(*) filter (is_same) as same_count,
        min(ts) < max(ts) and not bool_or(is_before) as is_disputed,
        not bool_and(is_same) and max(first_click_at) is null as is_undecidable,
        min(ts) filter (place = 1) as searched_at,
        min(total) filter (is_same) as smallest_total,
        max(total) filter (is_same) as largest_total
    from placed
    group by search_id
),
-- A click on a result proves that there are at least that many.
proof as (
    select click.search_id, max(position) as proven_total
    from click
    inner join of_same_id on click.search_id = of_same_id.search_id
    where
        smallest_total < largest_total
        and not is_malformed and cid is not null
        and position between 1 and largest_total
        and epoch_ms(try_cast(ts as timestamp)) - epoch_ms(cast(searched_at as timestamp))
            between -2000 and 86400000
    group by click.search_id
),
doubted as (
    select
        placed.search_id,
        bool_or(total >= coalesce(proven_total, 0) and total < largest_total) as is_doubted
    from placed
    inner join of_same_id on placed.search_id = of_same_id.search_id
    left join proof on placed.search_id = proof.search_id
    where is_same
    group by placed.search_id
)
select
    file_id, line_number, place, is_same, same_count, is_disputed, is_undecidable,
    largest_total, is_doubted
from placed
inner join of_same_id on placed.search_id = of_same_id.search_id
inner join doubted on placed.search_id = doubted.search_id;

create temporary table judged_search as
select
    judged_request.*,
    coalesce(same_count, 1) as raw_row_count,
    coalesce(is_disputed, false) as is_ts_disputed,
    coalesce(is_doubted, false) as is_total_disputed,
    coalesce(largest_total, total) as found_count,
    case
        when reject_reason is not null then reject_reason
        when is_undecidable or not is_same then 'conflicting_search_id'
        when place > 1 then 'folded'
    end as verdict
from judged_request
left join repeat
    on judged_request.file_id = repeat.file_id
    and judged_request.line_number = repeat.line_number;

drop table judged_request;

create temporary table text_form as
select
    search_query,
    normalize_query_text(search_query) as query_text,
    classify_query(search_query) as query_kind
from (
    select distinct search_query
    from judged_search
    where verdict is null and regexp_matches(search_query, '[^ -~]|[+%.:[]|  ')
);

create table peer_clean_search_request as
select
    search_id,
    judged_search.search_query,
    ts,
    judged_search.cuid,
    found_count as total,
    coalesce(text_form.query_text, trim(lower(judged_search.search_query))) as query_text,
    coalesce(text_form.query_kind, 'text') as query_kind,
    utc_offset_minutes,
    0 as is_zone_assumed,
    cast(is_ts_disputed as integer) as is_ts_disputed,
    cast(is_total_disputed as integer) as is_total_disputed,
    cast(raw_row_count as integer) as raw_row_count,
    0 as typed_row_count,
    cast(busy.cuid is not null as integer) as is_automated
from judged_search
left join text_form on judged_search.search_query = text_form.search_query
left join (
    select distinct cuid
    from judged_search
    where verdict is null
    group by cuid, ts[:10]
    having count(*) > 500
) as busy on judged_search.cuid = busy.cuid
where verdict is null;

-- Clicks with their search, then folded.
create temporary table judged_click as
select
    click.*,
    epoch_ms(try_cast(click.ts as timestamp)) - epoch_ms(cast(search.ts as timestamp)) as delay,
    search.ts as searched_at,
    search.total
from click
left join peer_clean_search_request as search on click.search_id = search.search_id;

drop table click;

create temporary table folding as
with repeated as (
    select
        search_id,
        cid,
        max(ts) as last_click_at,
        count(distinct ts) as click_count,
        count(*) as raw_row_count
    from judged_click
    where {{ is_good_click() }}
    group by search_id, cid
    having count(*) > 1
)
select
    file_id,
    line_number,
    row_number() over (
        partition by judged_click.search_id, judged_click.cid
        order by ts, position, file_id, line_number
    ) as place,
    last_click_at,
    click_count,
    raw_row_count
from judged_click
inner join repeated
    on judged_click.search_id = repeated.search_id and judged_click.cid = repeated.cid
where {{ is_good_click() | replace('search_id', 'judged_click.search_id') | replace('cid ', 'judged_click.cid ') }};

create temporary table settled_click as
select
    judged_click.*,
    last_click_at,
    click_count,
    raw_row_count,
    case
        when is_malformed then 'malformed_line'
        when search_id is null then 'missing_search_id'
        when cid is null then 'missing_cid'
        when position is null then 'invalid_position'
        when position < 1 then 'position_below_one'
        when ts > 'a' then ts
        when
            searched_at is null
            and coalesce(
                epoch_ms(cast(newest_searched_at as timestamp))
                - epoch_ms(cast(ts as timestamp)),
                0
            ) < 86400000
        then 'waiting'
        when searched_at is null then 'orphan_click'
        when delay < -2000 then 'click_before_search'
        when delay > 86400000 then 'click_too_late'
        when position > total then 'position_beyond_total'
        when place > 1 then 'folded'
    end as verdict
from judged_click
left join folding
    on judged_click.file_id = folding.file_id
    and judged_click.line_number = folding.line_number
cross join (
    select max(ts) as newest_searched_at from peer_clean_search_request
) as newest;

create table peer_clean_search_result_interaction as
select
    search_id,
    ts,
    cid,
    position,
    cast(coalesce(click_count, 1) as integer) as click_count,
    coalesce(last_click_at, ts) as last_click_at,
    cast(floor(delay / 1000) as integer) as seconds_after_search,
    0 as is_zone_assumed,
    cast(coalesce(raw_row_count, 1) as integer) as raw_row_count
from settled_click
where verdict is null;

-- Rejected rows as logged, redacted.
create temporary table rejected_request as
select
    raw.*,
    judged_search.ts as reading,
    judged_search.total as number,
    verdict
from judged_search
inner join landed_search_request as raw
    on judged_search.file_id = raw.file_id
    and judged_search.line_number = raw.line_number
where verdict <> 'folded';

create temporary table rejected_click as
select
    raw.*,
    settled_click.ts as reading,
    settled_click.position as number,
    verdict
from settled_click
inner join landed_search_result_interaction as raw
    on settled_click.file_id = raw.file_id
    and settled_click.line_number = raw.line_number
where verdict not in ('folded', 'waiting');

create temporary table shown as
select logged, redact_text(logged) as redacted
from (
    {%- for table, columns in [
        ('rejected_request', ['search_id', 'search_query', 'ts', 'cuid', 'total', 'malformed_line']),
        ('rejected_click', ['search_id', 'ts', 'cid', 'position', 'malformed_line']),
    ] %}
    {%- for column in columns %}
    {{ 'union ' if not (loop.first and table == 'rejected_request') }}select {{ column }}[:2048] as logged from {{ table }}
    where {{ may_need_redaction(column) }}
    {%- endfor %}
    {%- endfor %}
);

create table peer_rejected_search_request as
select
    {{ shown_id('search_id') }} as search_id,
    {{ shown_text('search_query') }} as search_query,
    case when reading < 'a' then ts else {{ shown_text('ts') }} end as ts,
    {{ shown_id('cuid') }} as cuid,
    case when number is not null then total else {{ shown_text('total') }} end as total,
    {{ shown_text('malformed_line') }} as malformed_line,
    verdict as reject_reason
from rejected_request;

create table peer_rejected_search_result_interaction as
select
    {{ shown_id('search_id') }} as search_id,
    case when reading < 'a' then ts else {{ shown_text('ts') }} end as ts,
    {{ shown_id('cid') }} as cid,
    case when number is not null then position else {{ shown_text('position') }} end
        as position,
    {{ shown_text('malformed_line') }} as malformed_line,
    verdict as reject_reason
from rejected_click;
