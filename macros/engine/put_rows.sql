{# Put rows into a table in the place of those with the same key, all or none. #}
{% macro put_rows(relation, rows, key) %}
    {{ return(adapter.dispatch("put_rows", "downbeat")(relation, rows, key)) }}
{% endmacro %}

{% macro default__put_rows(relation, rows, key) %}
    {# One column of the key at a time first: an engine looks through history by a number far faster than by several. #}
    {% set among = [] %}
    {% for column in key or [] %}
        {% do among.append(column ~ " in (select " ~ column ~ " from " ~ rows ~ ")") %}
    {% endfor %}
    {% set columns = (key or []) | join(", ") %}
    {% if among | length > 1 %}
        {% do among.append("(" ~ columns ~ ") in (select " ~ columns ~ " from " ~ rows ~ ")") %}
    {% endif %}
    {% set remove = "delete from " ~ relation ~ " where " ~ (among | join(" and ")) ~ ";" %}
    {{ return((remove if key else "") ~ "insert into " ~ relation ~ " select * from " ~ rows) }}
{% endmacro %}

{% macro spark__put_rows(relation, rows, key) %}
    {# Plain Parquet has no delete: the table is written beside and moved into place. #}
    {% set next = relation ~ "__next" %}
    {% set kept = " left anti join " ~ rows ~ " as given on " ~ same_key(key) if key else "" %}
    {% set all_rows = (
        "select held.* from "
        ~ relation
        ~ " as held"
        ~ kept
        ~ " union all select * from "
        ~ rows
    ) %}
    {% do run_query("drop table if exists " ~ next) %}
    {% do run_query("create table " ~ next ~ " using parquet as " ~ all_rows) %}
    {% do run_query("drop table " ~ relation) %}
    {{ return("alter table " ~ next ~ " rename to " ~ relation) }}
{% endmacro %}

{% macro same_key(key) %}
    {% set pairs = [] %}
    {% for column in key or [] %}
        {% do pairs.append("held." ~ column ~ " = given." ~ column) %}
    {% endfor %}
    {{ return(pairs | join(" and ")) }}
{% endmacro %}
