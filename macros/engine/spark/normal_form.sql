{#- The normal form of a text; the rule is written in normalize_query_text.

    text_column: a column or a bound name
    fold_tables: a bound name, see spark__fold_tables
    compositions: a bound name, see spark__composition_table -#}
{% macro spark__normal_form(text_column, fold_tables, compositions) -%}
{%- set decoded = spark__bound(
    'word',
    spark__without_white_space_around(text_column),
    "case when word rlike r'[" ~ regex_white_space() ~ "]' then " ~ text_column
    ~ ' else ' ~ spark__bound(
        'spaced', spark__spaced('word'), spark__unescaped('spaced')
    ) ~ ' end'
) -%}
trim(regexp_replace(
    replace(
        {{ spark__bound(
            'folded',
            spark__folded(decoded, fold_tables),
            spark__composed('folded', compositions)
        ) }},
        chr(173),
        ''
    ),
    ' +',
    ' '
))
{%- endmacro %}

{#- A text without the white space of Unicode around it.

    text_column: an expression -#}
{% macro spark__without_white_space_around(text_column) -%}
regexp_replace(
    {{ text_column }},
    r'^[{{ regex_white_space() }}]++|[{{ regex_white_space() }}]++\z',
    ''
)
{%- endmacro %}

{#- A word with its plus signs as spaces, if each stands between two words.

    word: a bound name -#}
{% macro spark__spaced(word) -%}
{%- set no_letter = '[\\x{0}-/:-@\\[-`{-\\x{7f}]' -%}
case
    when {{ word }} rlike
    r'^\+|\+\z|[0-9]\+[0-9]|{{ no_letter }}\+|\+{{ no_letter }}'
    then {{ word }}
    else replace({{ word }}, '+', ' ')
end
{%- endmacro %}

{#- A word with its escapes undone, if all of them can be. Spark takes a plus sign for the
    escape of a space.

    word: a bound name -#}
{% macro spark__unescaped(word) -%}
case
    when not contains({{ word }}, '%') then {{ word }}
    when contains(regexp_replace({{ word }}, r'{{ regex_escapes() }}', ''), '%')
    then {{ word }}
    else url_decode(replace({{ word }}, '+', '%2B'))
end
{%- endmacro %}

{#- The text with each character folded by the seed. The plane that vanishes as a whole is
    not in it.

    expression: a text expression
    fold_tables: a bound name, see spark__fold_tables -#}
{% macro spark__folded(expression, fold_tables) -%}
{{ spark__bound(
    'short_folded',
    "translate(regexp_replace(" ~ expression
    ~ ", r'[\\x{e0000}-\\x{e0fff}]', chr(173)), "
    ~ fold_tables ~ '.letters, ' ~ fold_tables ~ '.folded_letters)',
    'case when short_folded = translate(short_folded, '
    ~ fold_tables ~ ".growing_letters, '') then short_folded"
    ~ " else array_join(transform(split(short_folded, ''), letter -> case when instr("
    ~ fold_tables ~ ".growing_letters, letter) > 0 then "
    ~ fold_tables ~ ".grown[letter] else letter end), '') end"
) }}
{%- endmacro %}

{#- The text with neighbours joined that have a composed form, from left to right.

    text_column: a bound name
    compositions: a bound name, see spark__composition_table -#}
{% macro spark__composed(text_column, compositions) -%}
{%- set base = 'ascii(walk.last)' -%}
{%- set mark = 'ascii(letter)' -%}
case
    when {{ text_column }} rlike
    r'[\x{300}-\x{345}\x{653}-\x{655}\x{93c}-\x{ddf}\x{102e}\x{1161}-\x{11c2}\x{1b35}\x{3099}\x{309a}\x{110ba}-\x{11930}]'
    then aggregate(
        split({{ text_column }}, ''),
        struct('' as joined, '' as last),
        (walk, letter) -> case
            when
                {{ base }} between 4352 and 4370
                and {{ mark }} between 4449 and 4469
            then struct(
                walk.joined,
                {{ spark__character(
                    '44032 + (' ~ base ~ ' - 4352) * 588 + (' ~ mark ~ ' - 4449) * 28'
                ) }} as last
            )
            when
                {{ base }} between 44032 and 55203
                and ({{ base }} - 44032) % 28 = 0
                and {{ mark }} between 4520 and 4546
            then struct(
                walk.joined,
                {{ spark__character(base ~ ' + ' ~ mark ~ ' - 4519') }} as last
            )
            when
                walk.last <> ''
                and instr({{ compositions }}[letter].bases, walk.last) > 0
            then struct(
                walk.joined,
                substr(
                    {{ compositions }}[letter].composed,
                    instr({{ compositions }}[letter].bases, walk.last),
                    1
                ) as last
            )
            else struct(concat(walk.joined, walk.last) as joined, letter as last)
        end,
        walk -> concat(walk.joined, walk.last)
    )
    else {{ text_column }}
end
{%- endmacro %}
