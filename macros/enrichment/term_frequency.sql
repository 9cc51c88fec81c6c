{#- How frequent a term is in English: its one word, or its two words where chance alone
    puts them side by side. An unlisted word counts as `unlisted_word_frequency`. Zipf
    values count words in a thousand million, hence the 900 that is taken off.

    first_frequency, second_frequency: null or 0 where the word is unlisted
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
