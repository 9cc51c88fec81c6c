{%- set window = "'2005-01-01T00:00:00.000Z', '2035-01-01T00:00:00.000Z', ''" -%}
{%- set white = "concat(' ', chr(9), chr(10), chr(11), chr(12), chr(13))" -%}

{%- macro id_of(log, column) -%}
case
    when {{ log }}.{{ column }} rlike r'^[-0-9A-Z_a-z]+\z' then {{ log }}.{{ column }}
    else {{ column }}_read.id
end
{%- endmacro -%}

{%- macro with_odd_id(log, column) -%}
left join odd_id as {{ column }}_read on {{ log }}.{{ column }} = {{ column }}_read.logged
{%- endmacro -%}

{%- macro number_of(value) -%}
cast(
    case
        when {{ value }} rlike r'^[0-9]{1,9}\z' then {{ value }}
        else regexp_extract(btrim({{ value }}, {{ white }}), r'^([0-9]{1,9})(?:[.]0+)?\z', 1)
    end as int
)
{%- endmacro -%}

{%- macro is_unknown(total) -%}
coalesce(lower(btrim({{ total }}, {{ white }})), '') in (
    '', 'null', 'none', 'nil', 'nan', 'n/a', 'undefined', '-', r'\n'
)
{%- endmacro -%}

{%- macro is_usual_time() -%}
ts rlike r'^20(?:0[6-9]|[12][0-9]|3[0-3])-[0-9]{2}-[0-9]{2}[T ](?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:[.][0-9]{3} [+-](?:0[0-9]|1[01])[0-5][0-9]|[+-](?:0[0-9]|1[01]):[0-5][0-9])\z'
{%- endmacro -%}

{%- macro timed(log) -%}
(
    select
        raw.*,
        case
            when moment is null then coalesce(odd_time.reading, 'timestamp_unreadable')
            else concat(
                replace(
                    cast(
                        timestampadd(
                            minute, -(hhmm div 100 * 60 + hhmm % 100), moment
                        ) as string
                    ),
                    ' ',
                    'T'
                ),
                case when length(raw.ts) = 29 then substr(raw.ts, 20, 4) else '.000' end,
                'Z'
            )
        end as reading,
        case
            when moment is null then odd_time.utc_offset_minutes
            else hhmm div 100 * 60 + hhmm % 100
        end as utc_offset_minutes
    from (
        select
            *,
            case
                when {{ is_usual_time() }}
                then try_cast(substr(ts, 1, 19) as timestamp_ntz)
            end as moment,
            cast(replace(right(ts, 6), ':', '') as int) as hhmm
        from landed_{{ log }}
    ) as raw
    left join odd_time on raw.moment is null and raw.ts = odd_time.logged
)
{%- endmacro -%}

{%- macro is_malformed(log, columns) -%}
({{ log }}.malformed_line is not null
{%- for column in columns %} or ifnull(length({{ log }}.{{ column }}), 0) > 2048{% endfor %})
{%- endmacro -%}

{%- macro shown_text(column) -%}
case
    when btrim({{ column }}, {{ white }}) = '' then null
    else coalesce({{ column }}_shown.redacted, substr({{ column }}, 1, 2048))
end
{%- endmacro -%}

{%- macro shown_id(column) -%}
case
    when
        btrim({{ column }}, {{ white }}) rlike r'^[-0-9A-Z_a-z]+\z'
        and length({{ column }}) <= 2048
    then {{ column }}
    else {{ shown_text(column) }}
end
{%- endmacro -%}

{%- macro with_shown(columns) -%}
{%- for column in columns %}
left join shown as {{ column }}_shown
    on substr({{ column }}, 1, 2048) = {{ column }}_shown.logged
{%- endfor -%}
{%- endmacro -%}

{%- macro may_need_redaction(text) -%}
{{ text }} rlike '[^ -~]|[@%]|:.*:|[0-9][.][0-9]|(?:[0-9][^0-9]*+){8}'
{%- endmacro -%}

{%- set request_columns = ['search_id', 'search_query', 'ts', 'cuid', 'total'] -%}
{%- set click_columns = ['search_id', 'ts', 'cid', 'position'] -%}

-- The clean layer, hand-written for Spark: reads the landed logs, writes the two clean
-- and the two rejected tables as Parquet. The text rules are the project's functions,
-- called only for odd texts; everything else is independent of the project.

-- Texts that may hold personal data, each redacted once.
create table redaction using parquet location '{{ scratch }}/redaction' as
select logged, redact_text(logged) as redacted
from (
    select distinct search_query as logged
    from landed_search_request
    where length(search_query) <= 2048 and {{ may_need_redaction('search_query') }}
);

-- Ids that are not a plain word, each processed once.
create table odd_id using parquet location '{{ scratch }}/odd_id' as
select
    logged,
    case
        when clean rlike r'^[-0-9A-Z_a-z]+\z' then clean
        when
            clean <> '' and length(logged) <= 2048 and redact_text(clean) = clean
        then clean
    end as id
from (
    select logged, btrim(logged, {{ white }}) as clean
    from (
        {%- for log, column in [
            ('search_request', 'search_id'), ('search_request', 'cuid'),
            ('search_result_interaction', 'search_id'),
            ('search_result_interaction', 'cid'),
        ] %}
        {{ 'union ' if not loop.first }}select {{ column }} as logged from landed_{{ log }}
        where not {{ column }} rlike r'^[-0-9A-Z_a-z]+\z'
        {%- endfor %}
    )
);

-- Times that are not in one of the two common forms, each text parsed once.
create table odd_time using parquet location '{{ scratch }}/odd_time' as
select
    ts as logged,
    coalesce(
        read_timestamp(ts, {{ window }}),
        timestamp_reject_reason(ts, {{ window }})
    ) as reading,
    utc_offset_minutes(ts, '') as utc_offset_minutes
from (
    select ts from landed_search_request
    where not {{ is_usual_time() }} or try_cast(substr(ts, 1, 19) as timestamp_ntz) is null
    union
    select ts from landed_search_result_interaction
    where not {{ is_usual_time() }} or try_cast(substr(ts, 1, 19) as timestamp_ntz) is null
);

-- Totals that are objects, each text read once.
create table object_total using parquet location '{{ scratch }}/object_total' as
select logged, read_found_count(logged) as found_count
from (
    select distinct total as logged
    from landed_search_request
    where startswith(btrim(total, {{ white }}), '{')
);

-- Requests, alone and with those of the same search_id.
create table judged_request using parquet location '{{ scratch }}/judged_request' as
select
    * except (is_total_logged),
    case
        when is_malformed then 'malformed_line'
        when search_id is null then 'missing_search_id'
        when cuid is null then 'missing_cuid'
        when search_query is null then 'missing_query'
        when total is null and is_total_logged then 'invalid_total'
        when ts > 'a' then ts
    end as reject_reason
from (
    select
        file_id,
        line_number,
        {{ id_of('request', 'search_id') }} as search_id,
        case
            when btrim(search_query, {{ white }}) <> '' and length(search_query) <= 2048
            then coalesce(redaction.redacted, search_query)
        end as search_query,
        reading as ts,
        utc_offset_minutes,
        {{ id_of('request', 'cuid') }} as cuid,
        coalesce(object_total.found_count, {{ number_of('total') }}) as total,
        not {{ is_unknown('total') }} as is_total_logged,
        {{ is_malformed('request', request_columns) }} as is_malformed
    from {{ timed('search_request') }} as request
    left join redaction on request.search_query = redaction.logged
    left join object_total on request.total = object_total.logged
    {{ with_odd_id('request', 'search_id') }}
    {{ with_odd_id('request', 'cuid') }}
);

create table click using parquet location '{{ scratch }}/click' as
select
    file_id,
    line_number,
    {{ id_of('click', 'search_id') }} as search_id,
    reading as ts,
    {{ id_of('click', 'cid') }} as cid,
    {{ number_of('position') }} as position,
    {{ is_malformed('click', click_columns) }} as is_malformed
from {{ timed('search_result_interaction') }} as click
{{ with_odd_id('click', 'search_id') }}
{{ with_odd_id('click', 'cid') }};

create table repeat_of_search using parquet location '{{ scratch }}/repeat_of_search' as
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
    left semi join repeated on click.search_id = repeated.search_id
    where not is_malformed and cid is not null and position > 0 and ts < 'a'
    group by search_id
),
placed as (
    select
        file_id,
        line_number,
        request.search_id,
        ts,
        total,
        first_click_at,
        coalesce(ts <= first_click_at, false) as is_before,
        row_number() over preference as place,
        search_query = first_value(search_query) over preference
        and cuid = first_value(cuid) over preference as is_same
    from judged_request as request
    left semi join repeated on request.search_id = repeated.search_id
    left join evidence on request.search_id = evidence.search_id
    where reject_reason is null
    window preference as (
        partition by request.search_id
        order by
            coalesce(ts <= first_click_at, false) desc,
            case when ts <= first_click_at then ts else '' end desc,
            ts, search_query, cuid, utc_offset_minutes nulls last, file_id, line_number
    )
),
of_same_id as (
    select
        search_id,
        count_if(is_same) as same_count,
        min(ts) < max(ts) and not bool_or(is_before) as is_disputed,
        not bool_and(is_same) and max(first_click_at) is null as is_undecidable,
        min(ts) filter (where place = 1) as searched_at,
        min(total) filter (where is_same) as smallest_total,
        max(total) filter (where is_same) as largest_total
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
        and unix_millis(try_cast(ts as timestamp))
            - unix_millis(try_cast(searched_at as timestamp))
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

create table judged_search using parquet location '{{ scratch }}/judged_search' as
select
    request.*,
    coalesce(same_count, 1) as raw_row_count,
    coalesce(is_disputed, false) as is_ts_disputed,
    coalesce(is_doubted, false) as is_total_disputed,
    coalesce(largest_total, total) as found_count,
    case
        when reject_reason is not null then reject_reason
        when is_undecidable or not is_same then 'conflicting_search_id'
        when place > 1 then 'folded'
    end as verdict
from judged_request as request
left join repeat_of_search as repeat
    on request.file_id = repeat.file_id and request.line_number = repeat.line_number;

create table text_form using parquet location '{{ scratch }}/text_form' as
select
    search_query,
    normalize_query_text(search_query) as query_text,
    classify_query(search_query) as query_kind
from (
    select distinct search_query
    from judged_search
    where verdict is null and search_query rlike r'[^ -~]|[+%.:\[]|  '
);

insert overwrite directory '{{ results }}/clean_search_request' using parquet
select
    search_id,
    search.search_query,
    ts,
    search.cuid,
    found_count as total,
    coalesce(text_form.query_text, trim(lower(search.search_query))) as query_text,
    coalesce(text_form.query_kind, 'text') as query_kind,
    utc_offset_minutes,
    0 as is_zone_assumed,
    cast(is_ts_disputed as int) as is_ts_disputed,
    cast(is_total_disputed as int) as is_total_disputed,
    cast(raw_row_count as int) as raw_row_count,
    0 as typed_row_count,
    cast(busy.cuid is not null as int) as is_automated
from judged_search as search
left join text_form on search.search_query = text_form.search_query
left join (
    select distinct cuid
    from (
        select cuid
        from judged_search
        where verdict is null
        group by cuid, substr(ts, 1, 10)
        having count(*) > 500
    )
) as busy on search.cuid = busy.cuid
where verdict is null;

-- Clicks with their search, then folded.
create table judged_click using parquet location '{{ scratch }}/judged_click' as
select
    *,
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
                unix_millis(try_cast(newest_searched_at as timestamp))
                - unix_millis(try_cast(ts as timestamp)),
                0
            ) < 86400000
        then 'waiting'
        when searched_at is null then 'orphan_click'
        when delay < -2000 then 'click_before_search'
        when delay > 86400000 then 'click_too_late'
        when position > total then 'position_beyond_total'
    end as reject_reason
from (
    select
        click.*,
        search.ts as searched_at,
        search.found_count as total,
        newest_searched_at,
        unix_millis(try_cast(click.ts as timestamp))
        - unix_millis(try_cast(search.ts as timestamp)) as delay
    from click
    left join judged_search as search
        on click.search_id = search.search_id and search.verdict is null
    cross join (
        select max(ts) as newest_searched_at from judged_search where verdict is null
    ) as newest
);

create table folding using parquet location '{{ scratch }}/folding' as
with
repeated as (
    select
        search_id,
        cid,
        max(ts) as last_click_at,
        count(distinct ts) as click_count,
        count(*) as raw_row_count
    from judged_click
    where reject_reason is null
    group by search_id, cid
    having count(*) > 1
)
select
    file_id,
    line_number,
    row_number() over (
        partition by click.search_id, click.cid
        order by ts, position, file_id, line_number
    ) as place,
    last_click_at,
    click_count,
    raw_row_count
from judged_click as click
inner join repeated on click.search_id = repeated.search_id and click.cid = repeated.cid
where reject_reason is null;

insert overwrite directory '{{ results }}/clean_search_result_interaction' using parquet
select
    search_id,
    ts,
    cid,
    position,
    cast(coalesce(click_count, 1) as int) as click_count,
    coalesce(last_click_at, ts) as last_click_at,
    cast(floor(delay / 1000) as int) as seconds_after_search,
    0 as is_zone_assumed,
    cast(coalesce(raw_row_count, 1) as int) as raw_row_count
from judged_click as click
left join folding
    on click.file_id = folding.file_id and click.line_number = folding.line_number
where reject_reason is null and coalesce(place, 1) = 1;

-- Rejected rows as logged, redacted.
create table rejected_request using parquet location '{{ scratch }}/rejected_request' as
select raw.*, search.ts as reading, search.total as number, verdict
from landed_search_request as raw
inner join judged_search as search
    on raw.file_id = search.file_id and raw.line_number = search.line_number
where verdict <> 'folded';

create table rejected_click using parquet location '{{ scratch }}/rejected_click' as
select raw.*, click.ts as reading, click.position as number, reject_reason as verdict
from landed_search_result_interaction as raw
inner join judged_click as click
    on raw.file_id = click.file_id and raw.line_number = click.line_number
where reject_reason <> 'waiting';

create table shown using parquet location '{{ scratch }}/shown' as
select logged, redact_text(logged) as redacted
from (
    {%- for table, columns in [
        ('rejected_request', request_columns), ('rejected_click', click_columns)
    ] %}
    {%- for column in columns + ['malformed_line'] %}
    {{ 'union ' if not (loop.first and table == 'rejected_request') }}select substr({{ column }}, 1, 2048) as logged from {{ table }}
    where {{ may_need_redaction(column) }}
    {%- if column in ['search_id', 'cuid', 'cid'] %} and not {{ column }} rlike r'^[-0-9A-Z_a-z]+\z'{% endif %}
    {%- if column == 'ts' %} and reading > 'a'{% endif %}
    {%- endfor %}
    {%- endfor %}
);

insert overwrite directory '{{ results }}/rejected_search_request' using parquet
select
    {{ shown_id('search_id') }} as search_id,
    {{ shown_text('search_query') }} as search_query,
    case when reading < 'a' then ts else {{ shown_text('ts') }} end as ts,
    {{ shown_id('cuid') }} as cuid,
    case when number is not null then total else {{ shown_text('total') }} end as total,
    {{ shown_text('malformed_line') }} as malformed_line,
    verdict as reject_reason
from rejected_request
{{- with_shown(request_columns + ['malformed_line']) }};

insert overwrite directory '{{ results }}/rejected_search_result_interaction' using parquet
select
    {{ shown_id('search_id') }} as search_id,
    case when reading < 'a' then ts else {{ shown_text('ts') }} end as ts,
    {{ shown_id('cid') }} as cid,
    case when number is not null then position else {{ shown_text('position') }} end
        as position,
    {{ shown_text('malformed_line') }} as malformed_line,
    verdict as reject_reason
from rejected_click
{{- with_shown(click_columns + ['malformed_line']) }};
