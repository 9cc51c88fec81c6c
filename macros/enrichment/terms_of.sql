{#- A query: one row per term of each query_text, with the words that it consists of. A
    term is one word, or two neighbouring words; a term that a query repeats appears
    once.

    query_word: a relation with one row per word of a query: `query_text`,
        `word_position` and `word` -#}
{% macro terms_of(query_word) -%}
select distinct
        query_text,
        word as term,
        word as first_word,
        '' as second_word
    from {{ query_word }}
    union all
    select distinct
        query_text,
        word || ' ' || next_word as term,
        word as first_word,
        next_word as second_word
    from (
        select
            query_text,
            word,
            lead(word) over (partition by query_text order by word_position) as next_word
        from {{ query_word }}
    ) as beside_next_word
    where next_word is not null
{%- endmacro %}
