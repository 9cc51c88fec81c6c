{#- Loads a seed as one JSON text in one statement. dbt-spark quotes values without
    escaping: a quote ends them, backslashes are lost, NULL becomes 'None', long
    integers lose digits. One statement writes one file, which keeps the order of the
    rows. -#}
{% macro clipspark__load_csv_rows(model, agate_table) %}
    {%- set rows = [] -%}
    {%- for row in agate_table.rows -%}
        {%- set values = {} -%}
        {%- for name in agate_table.column_names -%}
            {%- set value = row[name] -%}
            {%- do values.update({name: value if value is none else value | string}) -%}
        {%- endfor -%}
        {%- do rows.append(values) -%}
    {%- endfor -%}
    {%- set json_text = tojson(rows)
        | replace('\\', '\\\\') | replace("'", '\\u0027') -%}
    {%- set column_types = clipspark__seed_types(model, agate_table) -%}
    {%- set insert_rows -%}
        insert into {{ this.render() }}
        select
            {%- for name, type in column_types.items() %}
            cast({{ name }} as {{ type }}) as {{ name }}{{ ',' if not loop.last }}
            {%- endfor %}
        from (
            select inline(from_json(
                '{{ json_text }}',
                'array<struct<{{ column_types.keys() | join(': string, ') }}: string>>'
            ))
        )
    {%- endset -%}
    {%- do adapter.add_query(insert_rows, abridge_sql_log=True) -%}
    {{ return('insert into ' ~ this) }}
{% endmacro %}

{% macro clipspark__create_csv_table(model, agate_table) %}
    {%- set definitions = [] -%}
    {%- for name, type in clipspark__seed_types(model, agate_table).items() -%}
        {%- do definitions.append(name ~ ' ' ~ type) -%}
    {%- endfor -%}
    {%- set create_table -%}
        create table {{ this.render() }} ({{ definitions | join(', ') }}) using parquet
    {%- endset -%}
    {%- call statement('_') -%}
        {{ create_table }}
    {%- endcall -%}
    {{ return(create_table) }}
{% endmacro %}

{#- The types of a seed's columns, by name. -#}
{% macro clipspark__seed_types(model, agate_table) %}
    {%- set agreed = model['config'].get('column_types', {}) -%}
    {%- set types = {} -%}
    {%- for name in agate_table.column_names -%}
        {%- set inferred = adapter.convert_type(agate_table, loop.index0) -%}
        {%- do types.update({name: clipspark__type_named(agreed.get(name, inferred))}) -%}
    {%- endfor -%}
    {{ return(types) }}
{% endmacro %}
