-- The clock a customer lives by, from country and postcode; the longest start of a
-- postcode that fits wins.
with
    places as (
        select distinct country, postcode
        from {{ ref("int_customer_details") }}
        where country is not null or postcode is not null
    ),
    fitting as (
        select
            places.country,
            places.postcode,
            zones.time_zone,
            row_number() over (
                partition by places.country, places.postcode
                order by length(coalesce(zones.postcode_prefix, '')) desc, zones.time_zone
            ) as place
        from places
        inner join
            {{ ref("time_zones") }} as zones
            on zones.country = coalesce(places.country, '{{ var("default_country") }}')
            and coalesce(places.postcode, '') like coalesce(zones.postcode_prefix, '') || '%'
    )
select
    details.customer_id,
    fitting.time_zone,
    details.country is not null and fitting.time_zone is not null as is_time_zone_known
from {{ ref("int_customer_details") }} as details
left join
    fitting
    on coalesce(fitting.country, '') = coalesce(details.country, '')
    and coalesce(fitting.postcode, '') = coalesce(details.postcode, '')
    and fitting.place = 1
