{# A number for a row; of rows together bit_xor() makes one, whatever their order: another number, other rows. It may
   differ between engines and versions of them; the worst that does is to compute again what had not changed. #}
{% macro row_stamp(columns) -%}
    {{ adapter.dispatch("row_stamp", "downbeat")(columns | join(", ")) }}
{%- endmacro %}

{% macro default__row_stamp(columns) -%} cast(hash({{ columns }}) >> 1 as bigint) {%- endmacro %}

{% macro spark__row_stamp(columns) -%} xxhash64({{ columns }}) {%- endmacro %}

{# One of 256 parts that rows fall into by a column; a small type, for which an engine keeps its groups in an array. #}
{% macro row_part(column) -%} {{ adapter.dispatch("row_part", "downbeat")(column) }} {%- endmacro %}

{% macro default__row_part(column) -%} cast(hash({{ column }}) & 255 as utinyint) {%- endmacro %}

{% macro spark__row_part(column) -%} cast(xxhash64({{ column }}) & 255 as smallint) {%- endmacro %}
