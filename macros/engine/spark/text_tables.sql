{#- The seeds that the text rules read, each as one value: Spark allows no subquery inside a
    function that walks through a list, so they are read outside and handed in. -#}

{#- Of `unicode_fold`: what becomes of a character, one for one as two texts of the same
    length, one for several as a map. A soft hyphen stands for all that will vanish. -#}
{% macro spark__fold_tables() -%}
(
    select
        struct(
            concat(
                array_join(transform(short, pair -> pair.letter), ''),
                'ABCDEFGHIJKLMNOPQRSTUVWXYZ'
            ) as letters,
            concat(
                array_join(transform(short, pair -> pair.folded), ''),
                'abcdefghijklmnopqrstuvwxyz'
            ) as folded_letters,
            array_join(transform(long, pair -> pair.letter), '') as growing_letters,
            map_from_entries(long) as grown
        )
    from (
        select
            collect_list(struct(letter, folded)) filter (where length(folded) = 1)
                as short,
            collect_list(struct(letter, folded)) filter (where length(folded) > 1)
                as long
        from (
            select
                {{ spark__character('code_point') }} as letter,
                case action
                    when 'fold' then folded
                    when 'space' then ' '
                    else chr(173)
                end as folded
            from {{ ref('unicode_fold') }}
        )
    )
)
{%- endmacro %}

{#- Of `unicode_composition`: for each second character the first ones that it joins, and in
    the same places what they become. Spark searches a map from its first key on, so few
    keys are better than many. -#}
{% macro spark__composition_table() -%}
(
    select map_from_entries(collect_list(struct(mark, joining)))
    from (
        select
            {{ spark__character('mark') }} as mark,
            struct(
                array_join(transform(pairs, pair -> pair.base), '') as bases,
                array_join(transform(pairs, pair -> pair.composed), '') as composed
            ) as joining
        from (
            select
                mark,
                collect_list(struct(
                    {{ spark__character('base') }} as base,
                    {{ spark__character('composed') }} as composed
                )) as pairs
            from {{ ref('unicode_composition') }}
            group by mark
        )
    )
)
{%- endmacro %}

{#- Of `version_word`: a regular expression of any of them. -#}
{% macro spark__version_word_table() -%}
(
    select coalesce(nullif(array_join(collect_list(word), '|'), ''), r'\z.')
    from {{ ref('version_word') }}
)
{%- endmacro %}

{#- The character of a code point; Spark's own chr() knows 256 of them. A byte order mark
    comes first, so that U+FEFF itself is not taken for one. -#}
{% macro spark__character(code_point) -%}
decode(unhex(concat('0000FEFF', lpad(hex({{ code_point }}), 8, '0'))), 'UTF-32')
{%- endmacro %}
