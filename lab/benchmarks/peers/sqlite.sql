{%- set window = "'2005-01-01T00:00:00.000Z', '2035-01-01T00:00:00.000Z', ''" -%}
{%- set white = 'char(9, 10, 11, 12, 13, 32)' -%}

{%- macro may_need_redaction(text) -%}
{{ text }} glob '*[^ -~]*'
or {{ text }} glob '*[@%]*'
or {{ text }} glob '*:*:*'
or {{ text }} glob '*[0-9].[0-9]*'
or {{ text }} glob '{{ '*[0-9]' * 8 }}*'
{%- endmacro -%}

{%- macro id_of(value) -%}
case
    when {{ value }} <> '' and {{ value }} not glob '*[^-0-9A-Za-z_]*' then {{ value }}
    when
        trim({{ value }}, {{ white }}) <> ''
        and length({{ value }}) <= 2048
        and not exists (
            select 1 from redaction
            where logged = trim({{ value }}, {{ white }}) and redacted <> logged
        )
    then trim({{ value }}, {{ white }})
end
{%- endmacro -%}

{%- macro number_of(value) -%}
case
    when length({{ value }}) < 10 and {{ value }} <> '' and {{ value }} not glob '*[^0-9]*'
    then 0 + {{ value }}
    when
        trim({{ value }}, {{ white }}) glob '[0-9]*'
        and trim({{ value }}, {{ white }}) not glob '*[^0-9.]*'
        and trim({{ value }}, {{ white }}) not glob '*.'
        and instr(trim({{ value }}, {{ white }}) || '.', '.') < 11
        and rtrim(
            substr(
                trim({{ value }}, {{ white }}),
                instr(trim({{ value }}, {{ white }}) || '.', '.')
            ),
            '0'
        ) in ('', '.')
    then cast(trim({{ value }}, {{ white }}) as integer)
end
{%- endmacro -%}

{%- macro total_of(value) -%}
case
    when substr(trim({{ value }}, {{ white }}), 1, 1) = '{' then read_found_count({{ value }})
    else {{ number_of(value) }}
end
{%- endmacro -%}

{%- macro is_unknown(total) -%}
ifnull(lower(trim({{ total }}, {{ white }})), '') in (
    '', 'null', 'none', 'nil', 'nan', 'n/a', 'undefined', '-', '\n'
)
{%- endmacro -%}

{%- macro milliseconds(earlier, later) -%}
1000 * (strftime('%s', {{ later }}) - strftime('%s', {{ earlier }}))
    + substr({{ later }}, 21, 3) - substr({{ earlier }}, 21, 3)
{%- endmacro -%}

{%- set day_and_clock = '20[0-3][0-9]-[01][0-9]-[0-3][0-9][T ][0-2][0-9]:[0-5][0-9]:[0-5][0-9]' -%}

{%- macro is_usual_time(value) -%}
substr({{ value }}, 6, 2) between '01' and '12'
and (
    substr({{ value }}, 9, 2) between '01' and '28'
    or (substr({{ value }}, 9, 2) in ('29', '30') and substr({{ value }}, 6, 2) <> '02')
)
and {{ value }} between '2006' and '2034'
and substr({{ value }}, 12, 2) < '24'
and case length({{ value }})
    when 29 then
        substr({{ value }}, 26, 2) < '12'
        and {{ value }} glob '{{ day_and_clock }}.[0-9][0-9][0-9] [+-][01][0-9][0-5][0-9]'
    when 25 then
        substr({{ value }}, 21, 2) < '12'
        and {{ value }} glob '{{ day_and_clock }}[+-][01][0-9]:[0-5][0-9]'
    when 24 then {{ value }} glob '{{ day_and_clock }}.[0-9][0-9][0-9]Z'
    when 20 then {{ value }} glob '{{ day_and_clock }}Z'
end
{%- endmacro -%}

{%- macro reading_of(value) -%}
case
    when ({{ is_usual_time(value) }}) is not 1 then null
    when length({{ value }}) = 29
    then strftime(
        '%Y-%m-%dT%H:%M:%S.',
        substr({{ value }}, 1, 19) || substr({{ value }}, 25, 3) || ':' || substr({{ value }}, 28)
    ) || substr({{ value }}, 21, 3) || 'Z'
    when length({{ value }}) = 25 then strftime('%Y-%m-%dT%H:%M:%S.000Z', {{ value }})
    else substr({{ value }}, 1, 10) || 'T' || substr({{ value }}, 12, 8)
        || iif(length({{ value }}) = 24, substr({{ value }}, 20), '.000Z')
end
{%- endmacro -%}

{#- Only for times in a usual form. -#}
{%- macro offset_of(value) -%}
case length({{ value }})
    when 29 then substr({{ value }}, 25) / 100 * 60 + substr({{ value }}, 25) % 100
    when 25
    then (substr({{ value }}, 20, 1) || '1')
        * (60 * substr({{ value }}, 21, 2) + substr({{ value }}, 24, 2))
    else 0
end
{%- endmacro -%}

{%- macro shown_text(value) -%}
case
    when trim({{ value }}, {{ white }}) = '' then null
    when {{ may_need_redaction(value) }} then substr(redact_text({{ value }}), 1, 2048)
    else substr({{ value }}, 1, 2048)
end
{%- endmacro -%}

{%- macro shown_id(value) -%}
case
    when
        {{ value }} <> ''
        and trim({{ value }}, {{ white }}) not glob '*[^-0-9A-Za-z_]*'
        and trim({{ value }}, {{ white }}) <> ''
        and length({{ value }}) <= 2048
    then {{ value }}
    else {{ shown_text(value) }}
end
{%- endmacro -%}

{%- set is_good_click -%}
not is_malformed and search_id is not null and cid is not null and position > 0
    and ts < 'a' and searched_at is not null and delay between -2000 and 86400000
    and ifnull(position <= total, 1)
{%- endset -%}

-- The clean layer, hand-written for SQLite: reads the landed logs, writes the two clean
-- and the two rejected tables. The text rules are the project's functions, called only
-- for odd texts; everything else is independent of the project.

-- Texts that may hold personal data, each redacted once.
create temporary table redaction (
    logged text primary key,
    redacted text
) without rowid;

insert into redaction
select logged, redact_text(logged)
from (
    select distinct search_query as logged
    from landed_search_request
    where
        length(search_query) <= 2048
        and ({{ may_need_redaction('search_query') }})
);

insert or ignore into redaction
select logged, redact_text(logged)
from (
    {%- for log, columns in [
        ('search_request', ['search_id', 'cuid']),
        ('search_result_interaction', ['search_id', 'cid']),
    ] %}
    {%- for column in columns %}
    {{ 'union ' if not (loop.first and log == 'search_request') }}select trim({{ column }}, {{ white }}) as logged
    from landed_{{ log }}
    where {{ column }} glob '*[^-0-9A-Za-z_]*' and length({{ column }}) <= 2048
    {%- endfor %}
    {%- endfor %}
);

create temporary table request as
select
    raw.file_id,
    raw.line_number,
    {{ id_of('raw.search_id') }} as search_id,
    case
        when trim(raw.search_query, {{ white }}) <> '' and length(raw.search_query) <= 2048
        then coalesce(redaction.redacted, raw.search_query)
    end as search_query,
    {{ reading_of('raw.ts') }} as ts,
    {{ offset_of('raw.ts') }} as utc_offset_minutes,
    {{ id_of('raw.cuid') }} as cuid,
    {{ total_of('raw.total') }} as total,
    not {{ is_unknown('raw.total') }} as is_total_logged,
    raw.malformed_line is not null
    or max(
        coalesce(length(raw.search_id), 0), coalesce(length(raw.search_query), 0),
        coalesce(length(raw.ts), 0), coalesce(length(raw.cuid), 0),
        coalesce(length(raw.total), 0)
    ) > 2048 as is_malformed
from landed_search_request as raw
left join redaction on raw.search_query = redaction.logged;

create temporary table click as
select
    raw.file_id,
    raw.line_number,
    {{ id_of('raw.search_id') }} as search_id,
    {{ reading_of('raw.ts') }} as ts,
    {{ id_of('raw.cid') }} as cid,
    {{ number_of('raw.position') }} as position,
    raw.malformed_line is not null
    or max(
        coalesce(length(raw.search_id), 0), coalesce(length(raw.ts), 0),
        coalesce(length(raw.cid), 0), coalesce(length(raw.position), 0)
    ) > 2048 as is_malformed
from landed_search_result_interaction as raw;

-- Times that are not in one of the common forms, each text parsed once.
create temporary table odd_time (logged text primary key, reading text, utc_offset integer)
without rowid;

insert into odd_time
select
    ts,
    coalesce(
        read_timestamp(ts, {{ window }}),
        timestamp_reject_reason(ts, {{ window }})
    ),
    utc_offset_minutes(ts, '')
from (
    {%- for table, log in [
        ('request', 'search_request'), ('click', 'search_result_interaction')
    ] %}
    {{ 'union ' if table == 'click' }}select raw.ts
    from {{ table }} as staged
    inner join landed_{{ log }} as raw
        on staged.file_id = raw.file_id and staged.line_number = raw.line_number
    where staged.ts is null
    {%- endfor %}
)
where ts is not null;

{% for table, log in [
    ('request', 'search_request'), ('click', 'search_result_interaction')
] %}
update {{ table }}
set
    ts = coalesce(odd.reading, 'timestamp_unreadable')
    {%- if table == 'request' %},
    utc_offset_minutes = odd.utc_offset
    {%- endif %}
from landed_{{ log }} as raw
left join odd_time as odd on raw.ts = odd.logged
where
    {{ table }}.ts is null
    and {{ table }}.file_id = raw.file_id
    and {{ table }}.line_number = raw.line_number;
{% endfor %}

create index temp.click__search_id on click (search_id, cid);

-- Requests, alone and with those of the same search_id.
create temporary table judged_request as
select
    *,
    case
        when is_malformed then 'malformed_line'
        when search_id is null then 'missing_search_id'
        when cuid is null then 'missing_cuid'
        when search_query is null then 'missing_query'
        when total is null and is_total_logged then 'invalid_total'
        when ts > 'a' then ts
    end as reject_reason
from request;

drop table request;

create temporary table evidence (search_id text primary key, first_click_at text)
without rowid;

insert into evidence
select
    search_id,
    (
        select min(ts)
        from click
        where
            click.search_id = judged_request.search_id
            and not is_malformed
            and cid is not null
            and position > 0
            and ts < 'a'
    )
from judged_request
where reject_reason is null
group by search_id
having count(*) > 1;

create temporary table repeat as
with
placed as (
    select
        judged_request.*,
        first_click_at,
        coalesce(ts <= first_click_at, 0) as is_before,
        row_number() over preference as place,
        first_value(search_query) over preference as true_query,
        first_value(cuid) over preference as true_cuid
    from judged_request
    inner join evidence on judged_request.search_id = evidence.search_id
    where reject_reason is null
    window preference as (
        partition by judged_request.search_id
        order by
            coalesce(ts <= first_click_at, 0) desc,
            iif(ts <= first_click_at, ts, '') desc,
            ts, search_query, cuid, utc_offset_minutes nulls last, file_id, line_number
    )
)
select
    file_id,
    line_number,
    search_id,
    total,
    place,
    first_value(ts) over (partition by search_id order by place) as searched_at,
    max(iif(search_query = true_query and cuid = true_cuid, total, null)) over whole
        as largest_total,
    search_query = true_query and cuid = true_cuid as is_same,
    sum(search_query = true_query and cuid = true_cuid) over whole as same_count,
    min(ts) over whole < max(ts) over whole and not max(is_before) over whole as is_disputed,
    min(search_query = true_query and cuid = true_cuid) over whole = 0
    and first_click_at is null as is_undecidable
from placed
window whole as (partition by search_id);

create unique index temp.repeat__row on repeat (file_id, line_number);

-- Searches with several totals. A click on a result proves that there are at least that
-- many.
create temporary table doubt (
    search_id text primary key, largest_total integer, searched_at text, proven_total integer
) without rowid;

insert into doubt
select
    search_id,
    largest_total,
    searched_at,
    (
        select max(position)
        from click
        where
            click.search_id = repeat.search_id
            and not is_malformed
            and cid is not null
            and position between 1 and largest_total
            and {{ milliseconds('searched_at', 'click.ts') }} between -2000 and 86400000
    )
from repeat
where is_same
group by search_id
having min(total) < max(total);

create temporary table judged_search as
select
    judged_request.*,
    coalesce(same_count, 1) as raw_row_count,
    coalesce(is_disputed, 0) as is_ts_disputed,
    exists (
        select 1
        from doubt
        inner join repeat as other on doubt.search_id = other.search_id
        where
            doubt.search_id = judged_request.search_id
            and other.is_same
            and other.total >= ifnull(doubt.proven_total, 0)
            and other.total < doubt.largest_total
    ) as is_total_disputed,
    coalesce(largest_total, judged_request.total) as found_count,
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
select search_query, normalize_query_text(search_query) as query_text
from (
    select distinct search_query
    from judged_search
    where verdict is null and (search_query glob '*[^ -~]*' or search_query glob '*[+%]*' or search_query glob '*  *')
);

create table peer_clean_search_request as
select
    search_id,
    judged_search.search_query,
    ts,
    judged_search.cuid,
    found_count as total,
    coalesce(text_form.query_text, trim(lower(judged_search.search_query))) as query_text,
    case
        when judged_search.search_query glob '*[[.:]*'
        then classify_query(judged_search.search_query)
        else 'text'
    end as query_kind,
    utc_offset_minutes,
    0 as is_zone_assumed,
    is_ts_disputed,
    is_total_disputed,
    raw_row_count,
    0 as typed_row_count,
    busy.cuid is not null as is_automated
from judged_search
left join text_form on judged_search.search_query = text_form.search_query
left join (
    select distinct cuid
    from judged_search
    where verdict is null
    group by cuid, substr(ts, 1, 10)
    having count(*) > 500
) as busy on judged_search.cuid = busy.cuid
where verdict is null;

create unique index peer_clean_search_request__search_id
on peer_clean_search_request (search_id);

-- Clicks with their search, then folded.
create temporary table judged_click as
select
    click.*,
    {{ milliseconds('search.ts', 'click.ts') }} as delay,
    search.ts as searched_at,
    search.total
from click
left join peer_clean_search_request as search on click.search_id = search.search_id
order by click.search_id, cid;

drop table click;

create temporary table repeated_click (
    search_id text, cid text, primary key (search_id, cid)
) without rowid;

insert into repeated_click
select search_id, cid
from judged_click
where {{ is_good_click }}
group by search_id, cid
having count(*) > 1;

create temporary table folding as
select
    file_id,
    line_number,
    row_number() over click_order as place,
    last_value(ts) over whole as last_click_at,
    count(*) over whole as raw_row_count,
    search_id,
    cid,
    ts
from judged_click
where
    exists (
        select 1 from repeated_click
        where
            repeated_click.search_id = judged_click.search_id
            and repeated_click.cid = judged_click.cid
    )
    and {{ is_good_click }}
window
    click_order as (partition by search_id, cid order by ts, position, file_id, line_number),
    whole as (
        partition by search_id, cid order by ts, position, file_id, line_number
        rows between unbounded preceding and unbounded following
    );

create unique index temp.folding__row on folding (file_id, line_number);

create temporary table click_time as
select search_id, cid, count(distinct ts) as click_count
from folding
group by search_id, cid;

create unique index temp.click_time__click on click_time (search_id, cid);

create temporary table settled_click as
select
    judged_click.*,
    place,
    last_click_at,
    raw_row_count,
    case
        when is_malformed then 'malformed_line'
        when judged_click.search_id is null then 'missing_search_id'
        when judged_click.cid is null then 'missing_cid'
        when position is null then 'invalid_position'
        when position < 1 then 'position_below_one'
        when judged_click.ts > 'a' then judged_click.ts
        when
            searched_at is null
            and ifnull({{ milliseconds('judged_click.ts', 'newest_searched_at') }}, 0) < 86400000
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
    settled_click.search_id,
    ts,
    settled_click.cid,
    position,
    coalesce(click_count, 1) as click_count,
    coalesce(last_click_at, ts) as last_click_at,
    cast(floor(delay / 1000.0) as integer) as seconds_after_search,
    0 as is_zone_assumed,
    coalesce(raw_row_count, 1) as raw_row_count
from settled_click
left join click_time
    on place = 1
    and settled_click.search_id = click_time.search_id
    and settled_click.cid = click_time.cid
where verdict is null;

create unique index peer_clean_search_result_interaction__click
on peer_clean_search_result_interaction (search_id, cid);

-- Rejected rows as logged, redacted.
create table peer_rejected_search_request as
select
    {{ shown_id('raw.search_id') }} as search_id,
    {{ shown_text('raw.search_query') }} as search_query,
    iif(judged_search.ts < 'a', raw.ts, {{ shown_text('raw.ts') }}) as ts,
    {{ shown_id('raw.cuid') }} as cuid,
    iif(judged_search.total is not null, raw.total, {{ shown_text('raw.total') }}) as total,
    {{ shown_text('raw.malformed_line') }} as malformed_line,
    verdict as reject_reason
from judged_search
inner join landed_search_request as raw
    on judged_search.file_id = raw.file_id
    and judged_search.line_number = raw.line_number
where verdict <> 'folded';

create table peer_rejected_search_result_interaction as
select
    {{ shown_id('raw.search_id') }} as search_id,
    iif(settled_click.ts < 'a', raw.ts, {{ shown_text('raw.ts') }}) as ts,
    {{ shown_id('raw.cid') }} as cid,
    iif(
        settled_click.position is not null,
        raw.position,
        {{ shown_text('raw.position') }}
    ) as position,
    {{ shown_text('raw.malformed_line') }} as malformed_line,
    verdict as reject_reason
from settled_click
inner join landed_search_result_interaction as raw
    on settled_click.file_id = raw.file_id
    and settled_click.line_number = raw.line_number
where verdict not in ('folded', 'waiting');
