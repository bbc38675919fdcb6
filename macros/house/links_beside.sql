{# Links beside the identifiers that this pass has to judge; all of them when everything is built anew. #}
{% macro links_beside(before) %}
    {% set links, beside = ref("int_links_observed"), ref("int_links_beside") %}
    {{ return(beside if before else links) }}
{% endmacro %}
