{#- A text with its personal data replaced by `[card]`, `[email]`, `[ip]` and `[phone]`,
    and nothing else changed; null stays null. In this order, each on what the one
    before has left, all over again until nothing more is found:

    - card: whole groups of digits with spaces and hyphens between them, 13 to 19 digits
      in all, whose Luhn sum holds; the leftmost, then the longest; no ASCII letter on
      either side.
    - email: local part, `@` or `%40`, domain. The local part goes back to the last
      white space, marker or any of , ; : < > ( ) [ ] " \ / | or a quote, bracket or
      stop beyond ASCII, less its leading . ' ‘ ’; or it is in double quotes, which may
      hold all of these. The domain is the longest run of
      labels of letters, digits, hyphens and non-ASCII characters, none with a hyphen at
      an end, with single dots between: two at least, the last one of two characters or
      more and no digit (or xn--), and no letter or digit after it.
    - ip, version 6: a whole run of ASCII letters, digits, colons and dots, less
      trailing dots and one trailing colon, and less words with their colons before it
      (the last of which has a letter beyond f) or a single colon, that is an address
      (RFC 4291, 2.2) with two colons and a digit at least.
    - ip, version 4: four decimals to 255 without leading zeros; no ASCII letter on
      either side, no further `.digit`, and not after a word of the seed `version_word`
      and spaces or any of : = -.
    - phone: `+` and 8 to 15 digits, a `)`, one of . - / and a `(` allowed between any
      two, and a space before and behind that one or in its place; or 3-3-4 digits with
      one of space . - between, the first three perhaps in parentheses, perhaps after 1
      or 001, and no further digit behind a . or -. No ASCII letter or digit on either
      side, but for an x and a digit behind: an extension.

    Personal data may be disguised: in fullwidth digits, with soft hyphens inside, as
    the escapes of a URL, escapes of escapes included. So the normal form of the result
    (normalize_query_text) is looked through as well, and the normal form of that, until
    it stays the same. Where one of them has personal data left, it is the text that is
    redacted from there on: the normal form of a redacted text never has any. Redacting
    twice changes nothing.

    `name at host dot com` is not looked for.

    expression: a text expression of at most 2048 characters -#}
{% macro redact_text(expression) %}
    {#- A linter is shown the name: the rule itself is the same hundreds of lines anywhere. -#}
    {%- if var('is_linting', false) -%}
        {{ return('redact_text(' ~ expression ~ ')') }}
    {%- endif -%}
    {{- return(adapter.dispatch('redact_text', 'clip_search')(expression)) -}}
{% endmacro %}

{#- Nearly every query is let through by the guard. The others take the steps of one
    walk, a row each, for each of the rules 10 card, 20 email, 30 IPv6, 40 IPv4 and 50
    phone:

    +0 whether the rule has to look at all; then again and again
    +1 how far it is to where something may start, +2 there,
    +3 how long it is (below 0: how far to step over what is nothing), +4 behind it.

    60 decides whether to go round again, to look through a disguise or to end at 70; 61
    makes the normal form, 62 ends where that is the same text. One flat walk, because SQLite computes the
    columns of a recursive query once, and because its parser gives up at a depth of
    100. -#}
{% macro sqlite__redact_text(expression) %}
    {%- if sqlite__is_column(expression) == 'yes' -%}
        {{ sqlite__redacted_text(expression) }}
    {%- else -%}
        (
            select {{ sqlite__redacted_text('given') }}
            from (select {{ expression }} as given)
        )
    {%- endif -%}
{% endmacro %}

{#- text_column: a column -#}
{% macro sqlite__redacted_text(text_column) %}
{%- set rules = {
    10: (
        'card',
        sqlite__way_to_digits('ahead'),
        sqlite__card_size('passed', 'ahead'),
        sqlite__may_hold_card('ahead'),
    ),
    20: (
        'email',
        sqlite__way_to_email('ahead'),
        sqlite__email_size('ahead'),
        sqlite__may_hold_email('ahead'),
    ),
    30: (
        'ip',
        sqlite__way_to_ipv6('ahead'),
        sqlite__ipv6_size('ahead'),
        sqlite__may_hold_ipv6('ahead'),
    ),
    40: (
        'ip',
        sqlite__way_to_digits('ahead'),
        sqlite__ipv4_size('passed', 'ahead'),
        sqlite__may_hold_ipv4('ahead'),
    ),
    50: (
        'phone',
        sqlite__way_to_digits('ahead'),
        sqlite__phone_size('passed', 'ahead'),
        sqlite__may_hold_phone('ahead'),
    ),
} -%}
case
    when
        (
            length({{ text_column }}) <> length(cast({{ text_column }} as blob))
            or {{ text_column }} glob '*[0-:]*'
            or {{ text_column }} glob '*@*'
            or {{ text_column }} glob '*%*'
        )
        and (
            {{ text_column }} glob '*[^{{ plain_characters() }}]*'
            or {{ text_column }} glob '*[%@]*'
            or {{ sqlite__may_hold_ipv6(text_column) }}
            or {{ sqlite__may_hold_ipv4(text_column) }}
            or {{ sqlite__may_hold_card(text_column) }}
            or {{ sqlite__may_hold_phone(text_column) }}
            or (
                {{ text_column }} glob '*{{ '[0-9]*' * 8 }}'
                and instr({{ text_column }}, '  ') > 0
            )
        )
    then (
        with recursive

        redaction (
            step, passed, ahead, size, round_start, plain_form, normal_form
        ) as (
            select 10, '', {{ text_column }}, 0, {{ text_column }}, null, null
            union all
            select
                case
                    {%- for rule in rules %}
                    when step % 10 = 0 and step <= {{ rule }} and {{ rules[rule][3] }}
                    then {{ rule + 1 }}
                    {%- endfor %}
                    when step % 10 = 0 and step <= 50 then 60
                    when step = 60 then case
                        when ahead <> round_start then 10
                        when {{ sqlite__may_be_disguised('ahead') }} then 61
                        else 70
                    end
                    when step = 61 then 62
                    when step = 62 then iif(ahead = round_start, 70, 10)
                    when step % 10 = 4 then step - 3
                    when step % 10 = 1 and ahead = '' then step + 9
                    else step + 1
                end,
                case
                    when step > 59 then ''
                    when step % 10 = 1 and ahead = '' then ''
                    when step % 10 = 2 then passed || substr(ahead, 1, size)
                    when step % 10 = 4 and size <= 0
                    then passed || substr(ahead, 1, -size)
                    {%- for rule in rules %}
                    when step = {{ rule + 4 }} then passed || '[{{ rules[rule][0] }}]'
                    {%- endfor %}
                    else passed
                end,
                case
                    when step = 60
                    then iif(
                        ahead = round_start
                        and ahead = normal_form
                        and not {{ sqlite__may_be_disguised('ahead') }},
                        plain_form,
                        ahead
                    )
                    when step = 61 then {{ sqlite__normal_form('ahead') }}
                    when step = 62 then iif(ahead = round_start, plain_form, ahead)
                    when step % 10 = 1 and ahead = '' then passed
                    when step % 10 in (2, 4) then substr(ahead, abs(size) + 1)
                    else ahead
                end,
                case step
                    {%- for rule in rules %}
                    when {{ rule + 1 }} then {{ rules[rule][1] }}
                    when {{ rule + 3 }} then {{ rules[rule][2] }}
                    {%- endfor %}
                end,
                iif(step in (10, 61), ahead, round_start),
                iif(step = 61 and ahead is not normal_form, ahead, plain_form),
                iif(step = 62, ahead, normal_form)
            from redaction
            where step < 70
        )

        select ahead
        from redaction
        where step = 70
    )
    else {{ text_column }}
end
{%- endmacro %}

{#- Whether the normal form may show what the text does not.

    text_column: a column -#}
{% macro sqlite__may_be_disguised(text_column) -%}
(
    {{ text_column }} glob '*[^{{ plain_characters() }}]*'
    or {{ text_column }} glob '*[%+@]*'
    or instr({{ text_column }}, '  ') > 0
)
{%- endmacro %}

{#- The guard is one regular expression, the rules are steps of a query without recursion.
    Only going round is a recursion, in which all the texts take part at once: one time
    round gives the text its normal form, if it `is_next_normal`, and redacts that.

    `origin` is the text whose normal forms are being looked at, null while the text itself
    is. The normal form stands at the bottom: DuckDB plans what is below it twice. -#}
{% macro duckdb__redact_text(expression) %}
{%- set rules = [
    ('without_card', duckdb__redacted_cards('seen')),
    ('without_email', duckdb__redacted_emails('without_card')),
    ('without_ipv6', duckdb__redacted_ipv6('without_email')),
    ('without_ipv4', duckdb__redacted_ipv4('without_ipv6', 'version_words')),
    ('redacted', duckdb__redacted_phones('without_ipv4')),
] -%}
case
    when {{ duckdb__may_need_redaction(expression) }}
    then (
        with recursive

        redaction (ahead, origin, is_next_normal, is_done) as (
            select
                {{ expression }},
                cast(null as varchar),
                false,
                false
            where {{ duckdb__may_need_redaction(expression) }}
            union all
            select
                case
                    when redacted <> seen then redacted
                    when is_last then coalesce(origin, ahead)
                    else seen
                end,
                case
                    when redacted <> seen then null
                    when seen <> ahead then coalesce(origin, ahead)
                    else origin
                end,
                redacted = seen,
                is_last
            from (
                select
                    ahead,
                    origin,
                    seen,
                    redacted,
                    coalesce(
                        redacted = seen
                        and (
                            (is_next_normal and seen = ahead)
                            or not {{ duckdb__may_be_disguised('seen') }}
                        ),
                        true
                    ) as is_last
                from
                    {%- for name, _ in rules | reverse %}
                    (
                        select
                            *,
                            {{ rules[4 - loop.index0][1] }} as {{ name }}
                        from
                    {%- endfor %}
                    (
                        select
                            *,
                            case
                                when is_next_normal
                                then {{ duckdb__normal_form(
                                    'case when is_next_normal then ahead end'
                                ) }}
                                else ahead
                            end as seen,
                            coalesce(
                                (select list(word) from {{ ref('version_word') }}), []
                            ) as version_words
                        from redaction
                        where not is_done
                    )
                    {{- ')' * 5 }}
            )
        )

        select ahead
        from redaction
        where is_done
    )
    else {{ expression }}
end
{% endmacro %}

{#- Whether the normal form may show what the text does not. -#}
{% macro duckdb__may_be_disguised(text_column) -%}
regexp_matches({{ text_column }}, '[^{{ plain_characters() }}]|[%+@]|  ')
{%- endmacro %}

{#- Whether a text has what all personal data has, or may hide it. -#}
{% macro duckdb__may_need_redaction(expression) -%}
regexp_matches(
    {{ expression }},
    '[^ -~]|[@%]|::|(?::[^:]*){7}|[0-9]\.[0-9]+\.[0-9]+\.[0-9]|(?:[0-9][^0-9]*){13}'
    || '|[0-9]{3}[ .-][0-9]{4}|\+(?:[^0-9]*[0-9]){8}|  .*[0-9]|[0-9].*  '
)
{%- endmacro %}

{#- As on DuckDB, but each text goes round by itself, so often as its length may ask for.
    Java's regular expressions look behind and ahead: most rules are one. The seeds are
    bound to a name, because Spark plans a subquery again for each time that it is named. -#}
{% macro spark__redact_text(expression) %}
{%- set redacted = spark__redacted_phones(
    spark__redacted_ipv4(
        spark__redacted_ipv6(
            spark__redacted_emails(
                spark__redacted_cards('seen')
            )
        ),
        'tables.version_words'
    )
) -%}
{%- set next_round -%}
struct(
    case
        when redacted <> seen then redacted
        when is_last then coalesce(walk.origin, walk.ahead)
        else seen
    end as ahead,
    case
        when redacted <> seen then cast(null as string)
        when seen <> walk.ahead then coalesce(walk.origin, walk.ahead)
        else walk.origin
    end as origin,
    redacted = seen as is_next_normal,
    is_last as is_done
)
{%- endset -%}
{%- set is_last -%}
redacted = seen
and (
    (walk.is_next_normal and seen = walk.ahead)
    or not seen rlike r'[^{{ plain_characters() }}]|[%+@]|  '
)
{%- endset -%}
{%- set walk -%}
aggregate(
    sequence(1, 8 + 2 * length(given)),
    struct(
        given as ahead,
        cast(null as string) as origin,
        false as is_next_normal,
        false as is_done
    ),
    (walk, turn) -> case
        when walk.is_done then walk
        else {{ spark__bound(
            'seen',
            'case when walk.is_next_normal then ' ~ spark__normal_form(
                'walk.ahead', 'tables.folds', 'tables.compositions'
            ) ~ ' else walk.ahead end',
            spark__bound(
                'redacted',
                redacted,
                spark__bound('is_last', is_last, next_round)
            )
        ) }}
    end,
    walk -> walk.ahead
)
{%- endset -%}
case
    when {{ spark__may_need_redaction(expression) }}
    then (
        select {{ spark__interpreted('given', 'given_text', 'tables', 'text_tables', walk) }}
        from (
            select
                {{ expression }} as given_text,
                struct(
                    {{ spark__fold_tables() }} as folds,
                    {{ spark__composition_table() }} as compositions,
                    {{ spark__version_word_table() }} as version_words
                ) as text_tables
        )
    )
    else {{ expression }}
end
{% endmacro %}

{#- Whether a text has what all personal data has, or may hide it. What all of it needs is
    looked for first: Java finds one of some listed characters ten times as quickly as one
    of a class with ranges. -#}
{% macro spark__may_need_redaction(expression) -%}
(
    (
        octet_length({{ expression }}) <> length({{ expression }})
        or {{ expression }} rlike '[%0123456789:@]'
    )
    and {{ expression }} rlike
    r'[^ -~]|[@%]|::|(?::[^:]*+){7}|[0-9]\.[0-9]+\.[0-9]+\.[0-9]|(?:[0-9][^0-9]*+){13}|[0-9]{3}[ .-][0-9]{4}|\+(?:[^0-9]*+[0-9]){8}|  .*[0-9]|[0-9].*  '
)
{%- endmacro %}
