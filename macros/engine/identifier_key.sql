{# A 60-bit number for a type and value, equal on every engine: the first 15 hex digits of md5(type:value). #}
{% macro identifier_key(type, value) -%}
    {{
        adapter.dispatch("hex_number", "downbeat")(
            "substr(md5(" ~ type ~ " || ':' || " ~ value ~ "), 1, 15)"
        )
    }}
{%- endmacro %}

{% macro default__hex_number(hex) -%} cast(('0x' || {{ hex }}) as bigint) {%- endmacro %}

{% macro spark__hex_number(hex) -%} cast(conv({{ hex }}, 16, 10) as bigint) {%- endmacro %}
