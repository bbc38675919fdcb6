{# A step of a query that several later steps read: a named subquery on DuckDB, which works it out once and writes it down
   only where much is to be done (create_table_as). Spark would work it out for every reader, and for all of theirs, so
   there it is a scratch table. Written with `call`; the steps of a query come before whatever else it names. #}
{% macro kept_step(name) -%}
    {{ adapter.dispatch("kept_step", "downbeat")(name, caller()) }}
{%- endmacro %}

{% macro default__kept_step(name, query) -%}
    /* step {{ name }} */
    {{ name }} as ({{ query }})  /* written */
{%- endmacro %}

{% macro spark__kept_step(name, query) -%}
    {%- if execute and flags.WHICH in ["run", "build"] -%}
        {%- do replace_working_table(this.identifier ~ "__" ~ name, query) -%}
    {%- endif -%}
    {{ name }} as (select * from {{ read_step(name) }})
{%- endmacro %}

{# The name by which a later step reads a kept one. #}
{% macro read_step(name) -%}
    {{ return(adapter.dispatch("read_step", "downbeat")(name)) }}
{%- endmacro %}

{% macro default__read_step(name) -%} {{ return(name) }} {%- endmacro %}

{% macro spark__read_step(name) -%}
    {{ return(working_table(this.identifier ~ "__" ~ name)) }}
{%- endmacro %}
