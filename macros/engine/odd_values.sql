{#- CTEs, each with a comma behind it, in which an engine works out what rules make of the
    odd values of a log, each value once, for `rule_applied` to look up. Nothing on an
    engine that is quicker when it applies a rule to each row.

    relation: the name of a CTE
    columns_of_rules: for each rule, by its macro's name, the columns that it is applied
        to

    The relation has the columns `file_id` and `line_number`, which tell its rows apart. -#}
{% macro odd_values(relation, columns_of_rules) %}
    {{- return(
        adapter.dispatch('odd_values', 'clip_search')(relation, columns_of_rules)
    ) -}}
{% endmacro %}

{% macro default__odd_values(relation, columns_of_rules) %}{% endmacro %}

{#- Few values are odd, and most of them come again and again. Where a rule makes null of a
    value, '' stands for it, so that the value is known to be odd. -#}
{% macro duckdb__odd_values(relation, columns_of_rules) %}
{%- for rule, columns in columns_of_rules.items() -%}
odd_{{ rule }} as {{ materialized() }} (
    select
        logged,
        coalesce({{ rule_of_name(rule)('logged') }}, '') as worked_out
    from (
        {%- for column in columns %}
        {{ 'union' if not loop.first }}
        select distinct {{ column }} as logged
        from {{ relation }}
        where {{ duckdb__is_odd_value(rule, column) }}
        {%- endfor %}
    ) as odd
),

{% endfor %}
{%- endmacro %}

{#- Spark plans a rule as often as it is written down, which for the few rows that are
    rejected takes longer than to apply it. So their odd values become rows of their own,
    for which the rule is written once, and each row gets a map of what became of them.
    The many rows of a whole log are quicker one by one. -#}
{% macro spark__odd_values(relation, columns_of_rules) -%}
{{ relation }}_worked_out as (
    {%- if 'redacted_raw_text' not in columns_of_rules %}
    select * from {{ relation }}
    {%- else %}
    select
        logged_row.*,
        worked_out
    from (
        select
            first(logged_row) as logged_row,
            map_from_entries(
                collect_list(struct(name, {{ redacted_raw_text('logged') }}))
                filter (where name is not null)
            ) as worked_out
        from (
            select
                file_id,
                line_number,
                logged_row,
                inline_outer(filter(
                    array(
                        {%- for rule, columns in columns_of_rules.items() %}
                        {%- set is_last_rule = loop.last %}
                        {%- for column in columns %}
                        struct(
                            '{{ column }}' as name,
                            {{ column }} as logged,
                            {{ 'true' if rule == 'redacted_raw_id' else 'false' }}
                                as is_id
                        ){{ ',' if not (loop.last and is_last_rule) }}
                        {%- endfor %}
                        {%- endfor %}
                    ),
                    value -> {{ spark__is_odd_value('value.is_id', 'value.logged') }}
                ))
            from (
                select
                    *,
                    struct(*) as logged_row
                from {{ relation }}
            )
        )
        group by file_id, line_number
    )
    {%- endif %}
),

{% endmacro %}

{#- Whether redaction may make anything of a rejected value but the value itself. -#}
{% macro spark__is_odd_value(is_id, value) -%}
length({{ value }}) > {{ var('max_value_characters') }}
or (
    not ({{ is_id }} and {{ is_opaque_id(trimmed(value)) }})
    and ({{ spark__may_need_redaction(value) }} or {{ trimmed(value) }} = '')
)
{%- endmacro %}

{#- The relation that `odd_values` read, with what it worked out.

    relation: the name of the CTE -#}
{% macro with_odd_values(relation) %}
    {{- return(adapter.dispatch('with_odd_values', 'clip_search')(relation)) -}}
{% endmacro %}

{% macro default__with_odd_values(relation) -%}
{{ relation }}
{%- endmacro %}

{% macro spark__with_odd_values(relation) -%}
{{ relation }}_worked_out
{%- endmacro %}

{#- Whether a rule may make anything of a value but the value itself, or the reading of a
    usual form of a time. -#}
{% macro duckdb__is_odd_value(rule, column) -%}
{%- set longest = var('max_value_characters') -%}
{%- if rule == 'clean_id' -%}
not {{ is_opaque_id(column) }}
{%- elif rule == 'redacted_raw_id' -%}
not {{ is_opaque_id(column) }} or length({{ column }}) > {{ longest }}
{%- elif rule == 'redacted_raw_text' -%}
{{ duckdb__may_need_redaction(column) }}
            or length({{ column }}) > {{ longest }}
            or {{ trimmed(column) }} = ''
{%- elif rule == 'redact_text' -%}
{{ duckdb__may_need_redaction(column) }}
            and length({{ column }}) <= {{ longest }}
{%- else -%}
not {{ duckdb__is_plain_moment(column) }}
{%- endif -%}
{%- endmacro %}

{#- What a rule makes of a column of the relation that `odd_values` read; of a query, where
    it has at most 2048 characters.

    rule: the name of the rule's macro
    column: a column -#}
{% macro rule_applied(rule, column) %}
    {{- return(adapter.dispatch('rule_applied', 'clip_search')(rule, column)) -}}
{% endmacro %}

{% macro default__rule_applied(rule, column) -%}
{{ rule_of_name(rule)(column) }}
{%- endmacro %}

{% macro spark__rule_applied(rule, column) -%}
{%- if rule.startswith('redacted_raw') -%}
case
            when map_contains_key(worked_out, '{{ column }}')
                then worked_out['{{ column }}']
            else {{ column }}
        end
{%- else -%}
{{ rule_of_name(rule)(column) }}
{%- endif -%}
{%- endmacro %}

{% macro duckdb__rule_applied(rule, column) -%}
{%- set looked_up -%}
(select worked_out from odd_{{ rule }} where logged = {{ column }})
{%- endset -%}
{%- if rule == 'timestamp_reading' -%}
coalesce(
            {{ duckdb__plain_timestamp_reading(column) }},
            {{ looked_up }},
            'timestamp_unreadable'
        )
{%- else -%}
nullif(coalesce({{ looked_up }}, {{ column }}), '')
{%- endif -%}
{%- endmacro %}

{% macro rule_of_name(rule) %}
    {{- return({
        'clean_id': clean_id,
        'redact_text': redact_text,
        'redacted_raw_id': redacted_raw_id,
        'redacted_raw_text': redacted_raw_text,
        'timestamp_reading': timestamp_reading,
    }[rule]) -}}
{% endmacro %}
