{#- What a base and a mark compose to, or null; the rule is step 3 of
    normalize_query_text. Hangul is left to joins_into_syllable.

    base: an expression, a code point
    mark: an expression, a code point -#}
{% macro sqlite__joined_character(base, mark) -%}
(
    select char(composed)
    from {{ ref('unicode_composition') }}
    where base = {{ base }} and mark = {{ mark }}
)
{%- endmacro %}

{#- Whether two Hangul characters make a syllable, and which code point that has (the
    Unicode Standard, 3.12): a consonant and a vowel, or such a syllable and a final
    consonant.

    base: an expression, a code point
    mark: an expression, a code point -#}
{% macro sqlite__joins_into_syllable(base, mark) -%}
(
    ({{ base }} between 4352 and 4370 and {{ mark }} between 4449 and 4469)
    or (
        {{ base }} between 44032 and 55203
        and ({{ base }} - 44032) % 28 = 0
        and {{ mark }} between 4520 and 4546
    )
)
{%- endmacro %}

{% macro sqlite__syllable(base, mark) -%}
iif(
    {{ base }} < 44032,
    44032 + ({{ base }} - 4352) * 588 + ({{ mark }} - 4449) * 28,
    {{ base }} + {{ mark }} - 4519
)
{%- endmacro %}

{#- A glob class that has every second character of a join; that it has others too costs
    time only. -#}
{% macro sqlite__joining_ranges() -%}
char(
    768, 45, 837, 1619, 45, 1621, 2364, 45, 3551, 4142, 4449, 45, 4546, 6965, 12441,
    12442, 69818, 45, 71984
)
{%- endmacro %}
