{# A stream as a relation. A load without its entry under _loads does not exist. #}
{% macro duckdb__declare_raw_stream(stream) %}
    {% set folder = (
        env_var("DOWNBEAT_HOME", ".downbeat")
        ~ "/raw/"
        ~ stream.source_name
        ~ "/"
        ~ stream.name
    ) %}
    {% set entries = (
        run_query("select count(*) from glob('" ~ folder ~ "/_loads/*.json')")
        .columns[0]
        .values()[0]
    ) %}
    {% do run_query("create schema if not exists " ~ stream.schema) %}
    {% set rows %}
        {% if entries %}
            {% set loads = run_query("select file from read_json('" ~ folder ~ "/_loads/*.json', columns = {file: 'varchar'}) order by file").columns[0].values() %}
            read_parquet([{% for load in loads %}'{{ folder }}/{{ load }}'{{ "," if not loop.last }}{% endfor %}], union_by_name = true)
        {% else %} {{ no_raw_rows(stream) }}
        {% endif %}
    {% endset %}
    {% do run_query(
        "create or replace view "
        ~ stream.schema
        ~ "."
        ~ stream.identifier
        ~ " as select "
        ~ raw_stream_columns(stream)
        ~ " from "
        ~ rows
    ) %}
{% endmacro %}

{% macro spark__declare_raw_stream(stream) %}
    {% set folder = (
        env_var("DOWNBEAT_HOME", ".downbeat")
        ~ "/raw/"
        ~ stream.source_name
        ~ "/"
        ~ stream.name
    ) %}
    {% set table = stream.schema ~ "." ~ stream.identifier ~ "__files" %}
    {% do run_query("create schema if not exists " ~ stream.schema) %}
    {% do run_query("drop table if exists " ~ table) %}
    {% set columns %}
        {% for column in stream.columns.values() %}{{ column.name }} {{ column.data_type }}, {% endfor %}
        _extra string, _load_id string, _loaded_at timestamp, _file string, _line bigint
    {% endset %}
    {% do run_query(
        "create table "
        ~ table
        ~ " ("
        ~ columns
        ~ ") using parquet location '"
        ~ folder
        ~ "'"
    ) %}
    {% set loads %}
        select replace(file, '.parquet', '') from json.`{{ folder }}/_loads/*.json`
    {% endset %}
    {% do run_query(
        "create or replace view "
        ~ stream.schema
        ~ "."
        ~ stream.identifier
        ~ " as select "
        ~ raw_stream_columns(stream)
        ~ " from "
        ~ table
        ~ " where _load_id in ("
        ~ loads
        ~ ")"
    ) %}
{% endmacro %}
