{# A stream as a relation. A load without its entry under _loads does not exist. #}
{% macro duckdb__declare_raw_stream(stream) %}
    {% set folder = raw_folder(stream) %}
    {% set count_loads %}select count(*) from glob('{{ folder }}/_loads/*.json'){% endset %}
    {% set list_loads %}
        select file from read_json('{{ folder }}/_loads/*.json', columns = {file: 'varchar'}) order by file
    {% endset %}
    {% set declaration %}
        create or replace view {{ stream.schema }}.{{ stream.identifier }} as
        select {{ raw_stream_columns(stream) }} from
        {% if run_query(count_loads).columns[0].values()[0] %}
            {% set loads = run_query(list_loads).columns[0].values() %}
            read_parquet(['{{ folder }}/{{ loads | join("', '" ~ folder ~ "/") }}'], union_by_name = true)
        {% else %} {{ no_raw_rows(stream) }}
        {% endif %}
    {% endset %}
    {% do run_query("create schema if not exists " ~ stream.schema) %}
    {% do run_query(declaration) %}
{% endmacro %}

{% macro spark__declare_raw_stream(stream) %}
    {% set folder = raw_folder(stream) %}
    {% set name = stream.schema ~ "." ~ stream.identifier %}
    {% set files %}
        create table {{ name }}__files (
            {% for column in stream.columns.values() %}{{ column.name }} {{ column.data_type }}, {% endfor %}
            _extra string, _load_id string, _loaded_at timestamp, _file string, _line bigint
        ) using parquet location '{{ folder }}'
    {% endset %}
    {% set declaration %}
        create or replace view {{ name }} as
        select {{ raw_stream_columns(stream) }} from {{ name }}__files
        where _load_id in (select replace(file, '.parquet', '') from json.`{{ folder }}/_loads/*.json`)
    {% endset %}
    {% do run_query("create schema if not exists " ~ stream.schema) %}
    {% do run_query("drop table if exists " ~ name ~ "__files") %}
    {% do run_query(files) %}
    {% do run_query(declaration) %}
{% endmacro %}
