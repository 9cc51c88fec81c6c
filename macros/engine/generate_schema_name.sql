{#- The schema of a model or a seed. SQLite has no schemas but attached files: the public
    word lists are in one that warehouses share.

    custom_schema_name: the schema that is configured, or none
    node: the model or the seed -#}
{% macro generate_schema_name(custom_schema_name, node) %}
    {{- return(
        adapter.dispatch('generate_schema_name', 'clip_search')(custom_schema_name)
    ) -}}
{% endmacro %}

{% macro default__generate_schema_name(custom_schema_name) %}
    {{- return(target.schema) -}}
{% endmacro %}

{% macro sqlite__generate_schema_name(custom_schema_name) %}
    {{- return(custom_schema_name or target.schema) -}}
{% endmacro %}
