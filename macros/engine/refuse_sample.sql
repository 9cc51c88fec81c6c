{#- Stops a build of the sample where only logs make sense. A cluster is one such place:
    there, no logs means that they were loaded into another schema. -#}
{% macro refuse_sample() %}
    {%- do adapter.dispatch('refuse_sample', 'clip_search')() -%}
{% endmacro %}

{% macro default__refuse_sample() %}{% endmacro %}

{% macro spark__refuse_sample() %}
    {%- if
        execute
        and env_var('CLIP_SEARCH_SPARK_REMOTE', '')
        and flags.WHICH in ('build', 'run', 'seed', 'test')
        and not has_loads()
    -%}
        {%- do exceptions.raise_compiler_error(
            'no logs were ever loaded into the schema ' ~ target.schema
            ~ ' of this cluster, and the sample is not built on clusters. Load some:'
            ~ ' clip-search load DIR. If they were loaded into another schema, name it:'
            ~ ' export CLIP_SEARCH_SPARK_SCHEMA=NAME'
        ) -%}
    {%- endif -%}
{% endmacro %}
