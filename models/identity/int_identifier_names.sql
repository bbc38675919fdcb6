-- Given names seen beside an identifier. An initial says nothing.
with
    written as (
        select
            {% for column in identifier_columns() %} {{ column }}, {% endfor %}
            {{ regex_replace_all("name_postcode", " .*$", "") }} as given_name
        from {{ ref("int_identifier_sets") }}
        where name_postcode is not null
    ),
    beside as (
        select
            kinds.identifier_type,
            {{ identifier_value("kinds.identifier_type", "written") }} as identifier,
            written.given_name
        from written
        cross join {{ ref("identifier_types") }} as kinds
        where kinds.may_join
    )
select distinct {{ identifier_key("identifier_type", "identifier") }} as identifier_key, given_name
from beside
where identifier is not null and length(given_name) > 1
