{#- Creates a table from the query. If a contract is enforced, it has the contract's
    columns and types, and a null in a not_null column stops the build. -#}
{% macro clipspark__create_table_as(temporary, relation, compiled_code, language='sql') %}
create table {{ relation }} using parquet as
{% if config.get('contract').enforced -%}
{{ clipspark__contracted(compiled_code) }}
{%- else -%}
{{ compiled_code }}
{%- endif -%}
{% endmacro %}

{#- Wraps a query so that its result satisfies the contract.

    sql: the model's query -#}
{% macro clipspark__contracted(sql) %}
    {%- set returned = get_columns_in_query(sql) -%}
    {%- set agreed = model['columns'].keys() | list -%}
    {%- set missing = agreed | reject('in', returned) | join(', ') -%}
    {%- set unknown = returned | reject('in', agreed) | join(', ') -%}
    {%- if missing or unknown -%}
        {%- do exceptions.raise_compiler_error(
            'The contract of ' ~ model.name ~ ' is broken: missing columns ['
            ~ missing ~ '], columns not in the contract [' ~ unknown
            ~ ']. Change the query, or the columns in its .yml.'
        ) -%}
    {%- endif -%}
select
    {%- for column in model['columns'].values() %}
    {%- set value = 'cast(' ~ column.name ~ ' as ' ~ clipspark__type_named(column.data_type) ~ ')' %}
    {%- if column.constraints | selectattr('type', 'equalto', 'not_null') | list %}
    coalesce({{ value }}, raise_error(
        '{{ model.name }}.{{ column.name }} is null, which its contract forbids'
    )) as {{ column.name }}
    {%- else %}
    {{ value }} as {{ column.name }}
    {%- endif %}
    {{- ',' if not loop.last }}
    {%- endfor %}
from (
    {{ sql }}
) as contracted
{% endmacro %}

{#- Spark's name for a type in contracts and seeds. -#}
{% macro clipspark__type_named(name) -%}
{{ {'text': 'string', 'integer': 'int'}.get(name, name) }}
{%- endmacro %}
