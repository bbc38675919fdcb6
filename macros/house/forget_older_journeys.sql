{# Before a run: journeys that were built by other rules are dropped, so that the run builds all of them anew. Where they
   are built anew each time there is nothing to forget. #}
{% macro forget_older_journeys() %}
    {% set names = ["int_journey_customers", "int_journeys"] %}
    {% set node = graph.nodes["model.downbeat." ~ names[0]] if execute %}
    {% if node and node.config.materialized == "incremental" %}
        {% set held = adapter.get_relation(node.database, node.schema, names[0]) %}
        {% if held and not is_by_these_rules(held) %}
            {% for name in names %}
                {% set relation = adapter.get_relation(node.database, node.schema, name) %}
                {% if relation %} {% do adapter.drop_relation(relation) %} {% endif %}
            {% endfor %}
            {% do adapter.commit() %}
        {% endif %}
    {% endif %}
{% endmacro %}

{# Whether a table says that every row of it was built by the rules of now. #}
{% macro is_by_these_rules(held) %}
    {% if "rules" not in adapter.get_columns_in_relation(held) | map(attribute="name") | list %}
        {{ return(false) }}
    {% endif %}
    {% set others = "select count(*) from " ~ held ~ " where rules <> '" ~ journey_rules() ~ "'" %}
    {{ return(run_query(others).columns[0].values()[0] == 0) }}
{% endmacro %}
