{# One number for all rows of a group, whatever their order: another number, other rows. It may differ between engines and
   versions of them; the worst that does is to compute again what had not changed. #}
{% macro row_stamp(columns) -%}
    {{ adapter.dispatch("row_stamp", "downbeat")(columns | join(", ")) }}
{%- endmacro %}

{% macro default__row_stamp(columns) -%}
    cast(bit_xor(hash({{ columns }})) as string)
{%- endmacro %}

{% macro spark__row_stamp(columns) -%}
    cast(bit_xor(xxhash64({{ columns }})) as string)
{%- endmacro %}
