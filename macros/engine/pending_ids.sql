{#- The ids of a log's pending files, for `in (...)`: a select or a list. -#}
{% macro pending_ids(log) -%}
{{ adapter.dispatch('pending_ids', 'clip_search')(log) }}
{%- endmacro %}

{% macro default__pending_ids(log) -%}
select file_id from pending_file where log = '{{ log }}'
{%- endmacro %}

{#- A list, so that Spark reads only these partitions of the landed rows. -#}
{% macro spark__pending_ids(log) -%}
{%- set ids = [] -%}
{%- for file in spark__pending_that_matter() if file[0] == log -%}
    {%- do ids.append(file[1]) -%}
{%- endfor -%}
{{ ids | join(', ') if ids else 'null' }}
{%- endmacro %}
