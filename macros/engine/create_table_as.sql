{# A model as a table. Where a run weighs many candidates, a query with steps is not one statement but one for each
   step: DuckDB then spills one join at a time, and the run keeps within little memory. #}
{% macro duckdb__create_table_as(temporary, relation, compiled_code, language="sql") -%}
    {%- set steps = steps_to_write(compiled_code) -%}
    {%- for step in steps -%} {%- do write_step_down(step) -%} {%- endfor -%}
    {%- set rest = after_steps(compiled_code, steps) -%}
    {{ dbt.duckdb__create_table_as(temporary, relation, rest, language, **kwargs) }}
    {%- for step in steps %}
        drop table temp.{{ step.split(" ")[0] }};
    {%- endfor -%}
{%- endmacro %}

{# The steps of a query that are to be statements of their own: all or none. #}
{% macro steps_to_write(query) -%}
    {{ return(query.split("/* step ")[1:] if "/* step " in query and weighs_many() else []) }}
{%- endmacro %}

{# Whether the run is one that should be done step by step. #}
{% macro weighs_many() -%}
    {%- set weighed = load_cached_relation(
        this.incorporate(path={"identifier": "int_candidates__roomed"})
    ) -%}
    {{
        return(
            weighed is not none
            and run_query("select count(*) from " ~ weighed).columns[0].values()[0]
            >= var("steps_from_candidates")
        )
    }}
{%- endmacro %}

{# One step as a scratch table: its name stands before its query. #}
{% macro write_step_down(step) -%}
    {%- set query = step.split("/* written */")[0].split("(", 1)[1].rsplit(")", 1)[0] -%}
    {%- do run_query("create or replace temp table " ~ step.split(" ")[0] ~ " as " ~ query) -%}
{%- endmacro %}

{# What follows the last step: other named subqueries and the result, or the result alone. #}
{% macro after_steps(query, steps) -%}
    {%- set rest = steps[-1].split("/* written */", 1)[1].strip() if steps else query -%}
    {{ return("with " ~ rest[1:] if steps and rest.startswith(",") else rest) }}
{%- endmacro %}
