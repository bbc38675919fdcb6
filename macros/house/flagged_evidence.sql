{# Evidence by stream, and whether several streams give it of the same keys: mostly one alone does, and only what several
   say is added up. Named subqueries; the last is `flagged`. #}
{% macro flagged_evidence(evidence, keys) -%}
    by_source as (select * from {{ evidence }}),
    several as (
        select {{ keys | join(", ") }}
        from by_source
        group by {{ keys | join(", ") }}
        having count(*) > 1
    ),
    flagged as (
        select by_source.*, several.{{ keys[0] }} is not null as is_told_by_several
        from by_source
        left join
            several
            on {% for key in keys %}
                several.{{ key }} = by_source.{{ key }} {{ "and" if not loop.last }}
            {% endfor %}
    )
{%- endmacro %}
