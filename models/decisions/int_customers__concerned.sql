-- Of whom a micro-run needs to know: whom it decides for, who lives with them, who was
-- written to at their addresses; and everybody with contacts where a capacity counts
-- the members of a segment.
with
    considered as (
        select c.*
        from {{ ref("dim_customers") }} as c
        join {{ ref("int_customers__considered") }} as n on n.customer_id = c.customer_id
        -- a full run need not look for nobody
        where '{{ told("run_kind", "full") }}' = 'micro'
    ),
    points as (
        {% for column in ["email", "phone", "device_token", "loyalty_card", "cookie_id"] %}
            select {{ column }} as contact_point
            from considered
            where {{ column }} is not null
            union
        {% endfor %}
        select s.contact_point
        from {{ ref("dim_customer_consents") }} as s
        join considered on considered.customer_id = s.customer_id
        where s.contact_point is not null
    ),
    capacities as (
        select distinct unit from {{ ref("caps") }} where unit = 'all' and segment <> '*'
    )
select customer_id
from considered
union
select c.customer_id
from {{ ref("dim_customers") }} as c
where c.household_id in (select household_id from considered)
union
select c.customer_id
from {{ ref("fct_contacts") }} as c
join points on points.contact_point = c.contact_point
where c.customer_id is not null and '{{ told("run_kind", "full") }}' = 'micro'
union
select c.customer_id
from {{ ref("fct_contacts") }} as c
cross join capacities
where c.customer_id is not null and '{{ told("run_kind", "full") }}' = 'micro'
