{#- An expression in which a name stands for a value that is computed once: Spark has no
    `let`, but a list of one value that is transformed.

    name: of the value, in the body
    value: an expression
    body: an expression over the name -#}
{% macro spark__bound(name, value, body) -%}
transform(array({{ value }}), {{ name }} -> {{ body }})[0]
{%- endmacro %}
