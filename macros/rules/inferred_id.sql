{#- Ids of logs that have none of their own (clip_search/mapping/inferred_id.py). A search
    has `inferred-SESSION-SEARCH`, with 20 letters each; a click has
    `inferred-SESSION-SECONDS` until its search is known. -#}

{#- Whether an id begins like an inferred one. An index on the id finds them. -#}
{% macro may_be_inferred_id(search_id) -%}
{{ search_id }} >= 'inferred-' and {{ search_id }} < 'inferred.'
{%- endmacro %}

{#- Whether an id is the inferred one of a search. -#}
{% macro is_inferred_search_id(search_id) -%}
({{ may_be_inferred_id(search_id) }} and length({{ search_id }}) = 50)
{%- endmacro %}

{#- Whether an id names the session of a click, and not its search. -#}
{% macro is_session_of_click(search_id) -%}
(
            {{ may_be_inferred_id(search_id) }}
            and length({{ search_id }}) between 31 and 40
        )
{%- endmacro %}

{#- The session in an inferred id: all ids of a session begin with it. -#}
{% macro inferred_session(search_id) -%}
substr({{ search_id }}, 1, 29)
{%- endmacro %}

{#- How old a click's search may be, in seconds. -#}
{% macro inferred_within_seconds(search_id) -%}
cast(substr({{ search_id }}, 31) as integer)
{%- endmacro %}
