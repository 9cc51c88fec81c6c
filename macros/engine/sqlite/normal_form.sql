{#- The normal form of a text; the rule is written in normalize_query_text.

    One walk, its stages: 0 the plus signs; 1 notes the text in case its escapes can't
    be undone (`passed` is null then); 2 the escapes; 3 folds, a run of ASCII or one
    other character a row; 4 joins, a character a row; 5 is the end. A soft hyphen
    stands for all that will vanish and a space for all white space; in the end the soft
    hyphen is free to mark repeated spaces.

    In stage 4 `kept` is the last character and, behind it, the one before if that is
    not passed on yet.

    text_column: a column -#}
{% macro sqlite__normal_form(text_column) %}
{%- set has_white_space = "ahead glob '*[' || " ~ sqlite__white_space() ~ " || ']*'" -%}
{%- set may_join = "passed glob '*[' || " ~ sqlite__joining_ranges() ~ " || ']*'" -%}
{%- set soft_hyphen = sqlite__soft_hyphen() -%}
{%- set base = "unicode(kept)" -%}
{%- set mark = "unicode(ahead)" -%}
{#- What lower() leaves, by frequency in English: ltrim() tries them in order. -#}
{%- set plain_ascii -%}
' etaoinsrhldcumfgpywbvk0123456789xjqz.-,''&:/!?()+_"#$%*;<=>@[\]^`{|}~'
{%- endset -%}
(
    with recursive

    normalization (stage, passed, ahead, kept) as (
        select
            iif({{ text_column }} glob '*[%+]*', 0, 3),
            '',
            lower(trim({{ text_column }}, {{ sqlite__white_space() }})),
            ''
        union all
        select
            case
                when stage = 0 and {{ has_white_space }} then 3
                when stage = 2 and passed is not null and instr(ahead, '%') > 0 then 2
                when stage > 2 and ahead <> '' then stage
                when stage = 3 and not {{ may_join }} then 5
                else stage + 1
            end,
            case
                when stage < 2 then ''
                when stage = 2 and (passed is null or instr(ahead, '%') = 0) then ''
                when stage = 2 and instr(ahead, '%') > 1
                then passed || substr(ahead, 1, instr(ahead, '%') - 1)
                {%- for size in (1, 2, 3, 4) %}
                when stage = 2 and {{ sqlite__is_escaped('ahead', size) }}
                then passed || char({{ sqlite__escaped_code_point('ahead', size) }})
                {%- endfor %}
                when stage = 2 then null
                when stage = 3 and ahead glob '[ -~]*'
                then passed || substr(
                    ahead, 1, length(ahead) - length(ltrim(ahead, {{ plain_ascii }}))
                )
                when stage = 3 and {{ sqlite__is_folded('ahead') }}
                then passed || {{ sqlite__folded_character('ahead') }}
                {#- A plane that vanishes as a whole: the seed leaves it out. #}
                when stage = 3 and unicode(ahead) between 917504 and 921599
                then passed || {{ soft_hyphen }}
                when stage = 3 and ahead <> '' then passed || substr(ahead, 1, 1)
                when stage = 3 then iif({{ may_join }}, '', passed)
                when ahead <> '' then passed || substr(kept, 2)
                else passed || substr(kept, 2) || substr(kept, 1, 1)
            end,
            case
                when stage = 0 and not {{ has_white_space }}
                then {{ sqlite__decoded_pluses('ahead') }}
                when stage = 2 and passed is null then kept
                when stage = 2 and instr(ahead, '%') = 0 then lower(passed || ahead)
                when stage = 2 and instr(ahead, '%') > 1
                then substr(ahead, instr(ahead, '%'))
                when stage = 2
                then substr(ahead, {{ sqlite__escaped_size('ahead') }} + 1)
                when stage = 3 and ahead glob '[ -~]*'
                then ltrim(ahead, {{ plain_ascii }})
                when stage > 2 and ahead <> '' then substr(ahead, 2)
                when stage = 3 then passed
                else ahead
            end,
            case
                when stage = 1 then ahead
                when stage = 2 then kept
                when stage = 4 and {{ sqlite__joins_into_syllable(base, mark) }}
                then char({{ sqlite__syllable(base, mark) }})
                when stage = 4 and ahead <> ''
                then coalesce(
                    {{ sqlite__joined_character(base, mark) }},
                    substr(ahead, 1, 1) || substr(kept, 1, 1)
                )
                else ''
            end
        from normalization
        where stage < 5
    )

    select
        trim(replace(
            replace(
                replace(
                    replace(passed, {{ soft_hyphen }}, ''),
                    ' ',
                    ' ' || {{ soft_hyphen }}
                ),
                {{ soft_hyphen }} || ' ',
                ''
            ),
            {{ soft_hyphen }},
            ''
        ))
    from normalization
    where stage = 5
)
{%- endmacro %}

{#- Plus signs turned into spaces, if each of them separates two words.

    word: a column -#}
{% macro sqlite__decoded_pluses(word) -%}
{%- set no_letter -%}
'[^0-9A-Za-z' || {{ sqlite__beyond_ascii() }} || ']'
{%- endset -%}
iif(
    {{ word }} glob '+*'
    or {{ word }} glob '*+'
    or {{ word }} glob '*[0-9]+[0-9]*'
    or {{ word }} glob '*' || {{ no_letter }} || '+*'
    or {{ word }} glob '*+' || {{ no_letter }} || '*',
    {{ word }},
    replace({{ word }}, '+', ' ')
)
{%- endmacro %}
