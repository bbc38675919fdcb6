{# Rows of a table of links whose ends are among those of other links; all of them when everything is built anew. One key at a time:
   an engine then looks through history by two numbers, not by whole rows. What lies between touched ends without being touched
   comes along, and says what it said. #}
{% macro links_among(table, touched, before) -%}
    {%- if before -%}
        (
            select *
            from {{ table }}
            where
                left_key in (select left_key from {{ touched }})
                and right_key in (select right_key from {{ touched }})
        )
    {%- else -%} {{ table }}
    {%- endif -%}
{%- endmacro %}
