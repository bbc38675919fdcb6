{# Links to judge: of this pass with what was judged last; all that were ever observed when everything is built anew. #}
{% macro links_to_judge(before) %}
    {% set links, asked = ref("int_links_observed"), ref("int_links_to_judge") %}
    {{ return(asked if before else links) }}
{% endmacro %}

{# What a verdict says of a link: one that says something else is news that others must act on. #}
{% macro link_verdict() %} {{ return(["rule", "refusal_reason", "gives_way_at"]) }} {% endmacro %}
