{#- What a macro without arguments returns, called once in a dbt command where asking again
    is expensive.

    key: names the answer
    macro: the macro -#}
{% macro found_once(key, macro) %}
    {{ return(adapter.dispatch('found_once', 'clip_search')(key, macro)) }}
{% endmacro %}

{% macro default__found_once(key, macro) %}
    {{ return(macro()) }}
{% endmacro %}

{#- Each query takes Spark a tenth of a second or more. -#}
{% macro spark__found_once(key, macro) %}
    {%- if adapter.recall(key) is none -%}
        {%- do adapter.remember(key, macro()) -%}
    {%- endif -%}
    {{ return(adapter.recall(key)) }}
{% endmacro %}
