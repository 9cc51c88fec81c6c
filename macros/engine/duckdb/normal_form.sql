{#- The normal form of a text; the rule is written in normalize_query_text. A soft hyphen
    stands for all that will vanish.

    text_column: a column, or null for a text that nobody asks about -#}
{% macro duckdb__normal_form(text_column) -%}
(
    select
        trim(regexp_replace(
            replace({{ duckdb__composed('folded', 'compositions') }}, chr(173), ''),
            ' +',
            ' ',
            'g'
        ))
    from (
        select
            {{ duckdb__folded('decoded') }} as folded,
            (
                select map(list(chr(base) || chr(mark)), list(chr(composed)))
                from {{ ref('unicode_composition') }}
            ) as compositions
        from (
            select
                case
                    when is_word then {{ duckdb__unescaped('spaced') }}
                    else redacted_text
                end as decoded
            from (
                select
                    redacted_text,
                    is_word,
                    case
                        when is_word and {{ duckdb__has_separating_pluses('word') }}
                        then replace(word, '+', ' ')
                        else word
                    end as spaced
                from (
                    select
                        redacted_text,
                        word,
                        not regexp_matches(word, '[{{ regex_white_space() }}]')
                            as is_word
                    from (
                        select
                            {{ text_column }} as redacted_text,
                            regexp_replace(
                                {{ text_column }},
                                '^[{{ regex_white_space() }}]+'
                                || '|[{{ regex_white_space() }}]+$',
                                '',
                                'g'
                            ) as word
                    )
                )
            )
        )
    )
)
{%- endmacro %}

{#- Whether a word has plus signs, each of them between two words.

    word: a column without white space -#}
{% macro duckdb__has_separating_pluses(word) -%}
{%- set no_letter = '[\\x{0}-/:-@\\[-`{-\\x{7f}]' -%}
(
    contains({{ word }}, '+')
    and not regexp_matches(
        {{ word }},
        '^\+|\+$|[0-9]\+[0-9]|{{ no_letter }}\+|\+{{ no_letter }}'
    )
)
{%- endmacro %}

{#- A word with its escapes undone, if all of them can be.

    word: a column -#}
{% macro duckdb__unescaped(word) -%}
case
    when
        contains({{ word }}, '%')
        and regexp_full_match({{ word }}, '(?s)(?:[^%]|{{ regex_escapes() }})*')
    then url_decode({{ word }})
    else {{ word }}
end
{%- endmacro %}

{#- The text with each character folded by the seed.

    text_column: a column -#}
{% macro duckdb__folded(text_column) -%}
(
    select
        string_agg(
            case
                when unicode_fold.folded is not null then unicode_fold.folded
                when unicode_fold.action = 'space' then ' '
                when unicode_fold.action = 'remove' then chr(173)
                {#- A plane that vanishes as a whole: the seed leaves it out. #}
                when unicode(letter.letter) between 917504 and 921599 then chr(173)
                when unicode(letter.letter) < 128 then lower(letter.letter)
                else letter.letter
            end,
            ''
            order by letter.place
        )
    from (
        select
            unnest(string_split({{ text_column }}, '')) as letter,
            generate_subscripts(string_split({{ text_column }}, ''), 1) as place
    ) as letter
    left join {{ ref('unicode_fold') }} as unicode_fold
        on unicode(letter.letter) = unicode_fold.code_point
)
{%- endmacro %}

{#- The text with neighbours joined that have a composed form, from left to right.

    text_column: a column
    compositions: a column, a map from pairs of characters to one -#}
{% macro duckdb__composed(text_column, compositions) -%}
{%- set base = 'unicode(right(joined, 1))' -%}
{%- set mark = 'unicode(letter)' -%}
case
    when regexp_matches(
        {{ text_column }},
        '[\x{300}-\x{345}\x{653}-\x{655}\x{93c}-\x{ddf}\x{102e}\x{1161}-\x{11c2}'
        || '\x{1b35}\x{3099}\x{309a}\x{110ba}-\x{11930}]'
    )
    then list_reduce(
        string_split({{ text_column }}, ''),
        lambda joined, letter: case
            when
                {{ base }} between 4352 and 4370
                and {{ mark }} between 4449 and 4469
            then left(joined, -1) || chr(
                44032 + ({{ base }} - 4352) * 588 + ({{ mark }} - 4449) * 28
            )
            when
                {{ base }} between 44032 and 55203
                and ({{ base }} - 44032) % 28 = 0
                and {{ mark }} between 4520 and 4546
            then left(joined, -1) || chr({{ base }} + {{ mark }} - 4519)
            else coalesce(
                left(joined, -1)
                || {{ compositions }}[right(joined, 1) || letter],
                joined || letter
            )
        end,
        ''
    )
    else {{ text_column }}
end
{%- endmacro %}
