{# How many identifiers are to be forgotten. Asked by name, for every model of identity asks; int_identifiers_erased, which all
   of them come after, refers to the ledger. #}
{% macro erasure_count() %}
    {% if not execute %} {{ return(1) }} {% endif %}
    {% if model.resource_type != "model" %} {{ return(0) }} {% endif %}
    {% set ledger = adapter.get_relation(this.database, "staging", "stg_downbeat__erasures") %}
    {% if ledger is none %} {{ return(0) }} {% endif %}
    {{ return(run_query("select count(*) from " ~ ledger).columns[0].values()[0] | int) }}
{% endmacro %}

{# The digest of an identifier as the ledger of erasures holds it: salted, so that nobody can guess his way back. #}
{% macro erasure_digest(type, identifier) -%}
    {{ sha256_hex("'" ~ told("erasure_pepper") ~ ":' || " ~ type ~ " || ':' || " ~ identifier) }}
{%- endmacro %}

{# Fails where the ledger was written with a secret that this run does not know: it would bring everyone back. #}
{% macro must_know_the_secret() %}
    {% if execute and erasure_count() %}
        {% set query %}
            select count(*) from {{ ref("stg_downbeat__erasures") }}
            where pepper_check <> substr({{ sha256_hex("'" ~ told("erasure_pepper") ~ ":check'") }}, 1, 8)
        {% endset %}
        {% if not told("erasure_pepper") or run_query(query).columns[0].values()[0] | int %}
            {% do exceptions.raise_compiler_error(
                "people were erased with another DOWNBEAT_ERASURE_SECRET than this run knows: set the one they were erased with"
            ) %}
        {% endif %}
    {% endif %}
{% endmacro %}
