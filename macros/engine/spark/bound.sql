{#- An expression in which a name stands for a value that is computed once: Spark has no
    `let`, but a list of one value that is transformed.

    name: of the value, in the body
    value: an expression
    body: an expression over the name -#}
{% macro spark__bound(name, value, body) -%}
transform(array({{ value }}), {{ name }} -> {{ body }})[0]
{%- endmacro %}

{#- An expression in which two names stand for values, for what few rows need. Spark makes
    Java of `transform` and what is inside, which takes seconds for a long rule, again in
    each model; `zip_with` it walks through.

    name, other_name: of the values, in the body
    value, other_value: expressions
    body: an expression over the names -#}
{% macro spark__interpreted(name, value, other_name, other_value, body) -%}
zip_with(
    array({{ value }}), array({{ other_value }}), ({{ name }}, {{ other_name }}) -> {{ body }}
)[0]
{%- endmacro %}
