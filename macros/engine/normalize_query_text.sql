{#- The normal form of a redacted query: what two people typed who meant the same is the
    same text. Null stays null; what is nothing but white space or invisible gives ''.

    1. A text without white space inside is decoded as part of a URL, where it clearly
       is one: its plus signs become spaces if each stands between two letters or digits
       that are not both digits (a character beyond ASCII counts as a letter); its `%XX`
       escapes are undone if every `%` starts one and every run of them is valid UTF-8
       without control characters other than tab and line ends. Plus signs that were
       escaped stay plus signs.
    2. Each character becomes its NFKC form, case-folded, NFKC again: the seed
       `unicode_fold`.
    3. Neighbours that have a composed form are joined, from left to right, and what was
       joined may join again: the seed `unicode_composition`, Hangul by arithmetic.
    4. Control, format and default-ignorable characters vanish.
    5. White space becomes single spaces, none at the ends.

    Accents are never put in another order; with one accent a letter the result is that
    of Unicode's own algorithm.

    expression: a text expression of at most 2048 characters -#}
{% macro normalize_query_text(expression) %}
    {#- A linter is shown the name: the rule itself is the same hundreds of lines anywhere. -#}
    {%- if var('is_linting', false) -%}
        {{ return('normalize_query_text(' ~ expression ~ ')') }}
    {%- endif -%}
    {{- return(adapter.dispatch('normalize_query_text', 'clip_search')(expression)) -}}
{% endmacro %}

{% macro sqlite__normalize_query_text(expression) %}
    {%- if sqlite__is_column(expression) == 'yes' -%}
        {{ sqlite__normalized_text(expression) }}
    {%- else -%}
        (
            select {{ sqlite__normalized_text('typed') }}
            from (select {{ expression }} as typed)
        )
    {%- endif -%}
{% endmacro %}

{#- text_column: a column -#}
{% macro sqlite__normalized_text(text_column) -%}
case
    when {{ sqlite__is_odd_query(text_column) }}
    then {{ sqlite__normal_form(text_column) }}
    else trim(lower({{ text_column }}))
end
{%- endmacro %}

{% macro duckdb__normalize_query_text(expression) -%}
{%- set needs_walk = duckdb__is_odd_query(expression) -%}
case
    when {{ needs_walk }}
    then (
        select {{ duckdb__normal_form('typed') }}
        from (select {{ expression }} as typed where {{ needs_walk }})
    )
    else trim(lower({{ expression }}))
end
{%- endmacro %}

{% macro spark__normalize_query_text(expression) -%}
case
    when {{ spark__is_odd_query(expression) }}
    then (
        select {{ spark__interpreted(
            'typed',
            'typed_text',
            'tables',
            'text_tables',
            spark__normal_form('typed', 'tables.folds', 'tables.compositions')
        ) }}
        from (
            select
                {{ expression }} as typed_text,
                struct(
                    {{ spark__fold_tables() }} as folds,
                    {{ spark__composition_table() }} as compositions
                ) as text_tables
        )
    )
    else trim(lower({{ expression }}))
end
{%- endmacro %}
