{# Links and what was judged of them: of this pass those of which it may have something else to tell; all when everything is built anew. #}
{% macro links_moved(before) %}
    {% set judged, moved = ref("int_links_judged"), ref("int_links_moved") %}
    {{ return(moved if before else judged) }}
{% endmacro %}
