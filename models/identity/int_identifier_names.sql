-- Given names seen beside an identifier. An initial says nothing.
{{ config(materialized="carried") }}
{% set before = identity_before() %}
with
    written as (
        select
            {% for column in identifier_columns() %} {{ column }}_key, {% endfor %}
            {{ regex_replace_all("name_postcode", " .*$", "") }} as given_name
        from {{ ref("int_identifier_sets") }}
        where name_postcode is not null and {{ is_new_to_identity("batch", before) }}
    ),
    beside as (
        {% for column in identifier_columns() %}
            select '{{ column }}' as identifier_type, {{ column }}_key as identifier_key, given_name
            from written
            where
                {{ column }}_key is not null
                and length(given_name) > 1 {{ "union all" if not loop.last }}
        {% endfor %}
    ),
    heard as (
        select distinct beside.identifier_key, beside.given_name
        from beside
        inner join
            {{ ref("identifier_types") }} as kinds on kinds.identifier_type = beside.identifier_type
        where kinds.may_join
    )
select heard.identifier_key, heard.given_name, {{ identity_batch(before) }} as batch
from heard
{% if before %}
    left join
        {{ this }} as held
        on held.identifier_key = heard.identifier_key
        and held.given_name = heard.given_name
    where held.identifier_key is null
{% endif %}
