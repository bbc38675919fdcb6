{# Until when every stream that has news was taken in: a literal, so that files and row groups older than it are not read.
   None when everything must be read. #}
{% macro earliest_news(before) %}
    {% if not before or not execute %} {{ return(none) }} {% endif %}
    {% set query %}
        select min(coalesce(taken.taken_until, timestamp '1970-01-01 00:00:00')) as taken_until
        from (
            select source, max(loaded_at) as loaded_at
            from {{ ref("int_identifier_sightings") }}
            group by source
        ) as newest
        left join ({{ taken_in("loaded_at", before) }}) as taken on taken.source = newest.source
        where taken.taken_until is null or newest.loaded_at > taken.taken_until
    {% endset %}
    {{ return(run_query(query).rows[0][0] or "2999-12-31 00:00:00") }}
{% endmacro %}
