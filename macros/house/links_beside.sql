{# Links beside the identifiers that this pass has to judge; all of them when everything is built anew. #}
{% macro links_beside() %}
    {% set links, beside = ref("int_links_observed"), ref("int_links_beside") %}
    {{ return(beside if identity_before() else links) }}
{% endmacro %}
