{# SHA-256 as lower-case hex; never of an empty value. #}
{% macro sha256_hex(value) -%}
    {{ adapter.dispatch("sha256_hex", "downbeat")(value) }}
{%- endmacro %}

{% macro default__sha256_hex(value) -%} sha256(nullif({{ value }}, '')) {%- endmacro %}

{% macro spark__sha256_hex(value) -%} sha2(nullif({{ value }}, ''), 256) {%- endmacro %}
