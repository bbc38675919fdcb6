{# What the last complete pass over identity left: its batch, moment and rules. None when everything must be built anew:
   the first time, after a full refresh, or when a model, macro, identifier type or erasure has changed since. #}
{% macro identity_before() %}
    {# while dbt reads the project, a stand-in: every ref() must be seen #}
    {% if not execute %} {{ return({"batch": 0, "as_of": "1970-01-01 00:00:00"}) }} {% endif %}
    {% if should_full_refresh() or model.resource_type != "model" %} {{ return(none) }} {% endif %}
    {% set passes = adapter.get_relation(this.database, this.schema, "int_identity_passes") %}
    {% if passes is none or not told("identity_version") %} {{ return(none) }} {% endif %}
    {% set rows = run_query("select * from " ~ passes ~ " order by batch desc limit 1").rows %}
    {% if not rows or rows[0]["identity_version"] != told("identity_version") %}
        {{ return(none) }}
    {% endif %}
    {% if rows[0]["erasure_count"] != erasure_count() %} {{ return(none) }} {% endif %}
    {{ return(rows[0]) }}
{% endmacro %}

{# The number of this pass. A pass that was killed leaves its number to the next. #}
{% macro identity_batch(before) -%}
    cast({{ (before["batch"] | int if before else 0) + 1 }} as bigint)
{%- endmacro %}

{# Rows of this pass, by the batch that wrote or last changed them; all rows when everything is built anew. #}
{% macro is_new_to_identity(batch, before) -%}
    {%- if before -%} {{ batch }} > {{ before["batch"] }} {%- else -%} true {%- endif -%}
{%- endmacro %}
