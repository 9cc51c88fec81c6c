{#- How frequent a term is in English: the frequency of its word, or for two words the
    frequency at which chance alone would put them together. An unlisted word counts as
    `unlisted_word_frequency`. Zipf values count occurrences per billion words, which is
    why 900 is subtracted.

    first_frequency, second_frequency: null or 0 if the word is unlisted
    has_two_words: a condition -#}
{% macro term_frequency(first_frequency, second_frequency, has_two_words) -%}
coalesce(nullif({{ first_frequency }}, 0), {{ var('unlisted_word_frequency') }})
+ case
    when {{ has_two_words }}
        then coalesce(
            nullif({{ second_frequency }}, 0), {{ var('unlisted_word_frequency') }}
        ) - 900
    else 0
end
{%- endmacro %}
