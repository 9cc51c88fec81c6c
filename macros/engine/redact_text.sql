{#- A text with its personal data replaced by `[card]`, `[email]`, `[ip]` and `[phone]`,
    and nothing else changed; null stays null. In this order, each on what the one before
    has left, all over again until nothing more is found:

    - card: whole groups of digits with spaces and hyphens between them, 13 to 19 digits
      in all, whose Luhn sum holds; the leftmost, then the longest; no ASCII letter on
      either side.
    - email: local part, `@` or `%40`, domain. The local part goes back to the last white
      space, marker or any of , ; : < > ( ) [ ] " \ / | or a quote, bracket or stop beyond
      ASCII, less its leading . ' ’. The domain is the longest run of labels of letters,
      digits, hyphens and non-ASCII characters, none with a hyphen at an end, with single
      dots between: two at least, the last one of two characters or more and no digit
      (or xn--), and no letter or digit after it.
    - ip, version 6: a whole run of ASCII letters, digits, colons and dots, less trailing
      dots and one trailing colon, that is an address (RFC 4291, 2.2) with two colons and
      a digit at least.
    - ip, version 4: four decimals to 255 without leading zeros; no ASCII letter on either
      side, no further `.digit`, and not after a word of the seed `version_word` and
      spaces or any of : = -.
    - phone: `+` and 8 to 15 digits, a `)`, one of space . - and a `(` allowed between
      any two; or 3-3-4 digits with one of space . - between, the first three perhaps in
      parentheses, perhaps after a 1, and no further digit behind a . or -. No ASCII
      letter or digit on either side.

    Personal data may be disguised: in fullwidth digits, with soft hyphens inside, as the
    escapes of a URL. So where the normal form of the result (normalize_query_text) has
    personal data left, the redacted normal form is the result: the normal form of a
    redacted text never has any. Redacting twice changes nothing.

    `name at host dot com` is not looked for.

    expression: a text expression of at most 2048 characters; it is evaluated once -#}
{% macro redact_text(expression) %}
    {{- return(adapter.dispatch('redact_text', 'clip_search')(expression)) -}}
{% endmacro %}

{#- Nearly every query is let through by the two guards. What is left takes the steps of
    one walk, a row each: 0 to 4 are the rules; 5 decides whether to go round again, to
    look through a disguise (6 and 7) or to end (8). A column of a recursive query is
    computed once, which no chain of subqueries would promise. -#}
{% macro sqlite__redact_text(expression) %}
(
    select
        case
            when
                length(given) <> length(cast(given as blob))
                or given glob '*[%0-:@]*'
            then case
                when
                    given glob '*[^ -~]*'
                    or given glob '*[%@]*'
                    or given glob '*:*:*'
                    or given glob '*[0-9].[0-9]*.[0-9]*.[0-9]*'
                    or given glob '*{{ '[0-9]*' * 8 }}'
                then (
                    with recursive

                    redaction (step, redacted, round_start, plain_form, normal_form)
                    as (
                        select 0, given, given, null, null
                        union all
                        select
                            case
                                when step < 5 or step = 6 then step + 1
                                when step = 7 then 0
                                when redacted <> round_start then 0
                                when redacted = normal_form then 8
                                when {{ sqlite__may_be_disguised('redacted') }} then 6
                                else 8
                            end,
                            case step
                                when 0 then {{ sqlite__redact_card('redacted') }}
                                when 1 then {{ sqlite__redact_email('redacted') }}
                                when 2 then {{ sqlite__redact_ipv6('redacted') }}
                                when 3 then {{ sqlite__redact_ipv4('redacted') }}
                                when 4 then {{ sqlite__redact_phone('redacted') }}
                                when 5 then iif(
                                    redacted = round_start and redacted = normal_form,
                                    plain_form,
                                    redacted
                                )
                                when 6 then
                                    {{ sqlite__normalize_query_text('redacted') }}
                                when 7 then redacted
                            end,
                            iif(step = 0, redacted, round_start),
                            iif(step = 6, redacted, plain_form),
                            iif(step = 7, redacted, normal_form)
                        from redaction
                        where step < 8
                    )

                    select redacted
                    from redaction
                    where step = 8
                )
                else given
            end
            else given
        end
    from (select {{ expression }} as given)
)
{%- endmacro %}

{#- Whether the normal form may show what the text does not: letters that stay as they
    are, or fold into letters, hide nothing as long as no address is about. -#}
{% macro sqlite__may_be_disguised(text_column) -%}
(
    {{ text_column }} glob '*[^ -~À-ÖØ-öø-ıА-яぁ-ゖァ-ヺ一-鿕가-힣]*'
    or {{ text_column }} glob '*[%+@]*'
    or instr({{ text_column }}, '  ') > 0
)
{%- endmacro %}
