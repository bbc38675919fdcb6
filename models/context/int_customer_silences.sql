-- When a customer had not ordered for long enough to have lapsed, and every so often while the
-- silence lasted. With what they bought last.
with
    bought as (
        select
            customer_id,
            product_category,
            purchased_at,
            row_number() over (
                partition by customer_id order by purchased_at desc, amount desc, purchase_line_id
            ) as recency
        from {{ ref("fct_purchases") }}
        where not is_refund and customer_id is not null and purchased_at <= {{ as_of() }}
    ),
    silences as (
        select
            customer_id,
            product_category,
            purchased_at as last_ordered_at,
            {{ seconds_between("purchased_at", as_of()) }}
            - {{ var("lapsed_after_days") }} * 86400 as lapsed_seconds
        from bought
        where recency = 1
    )
select
    -- keys
    customer_id,
    -- facts
    product_category,
    -- times
    {{
        add_seconds(
            "last_ordered_at",
            var("lapsed_after_days")
            ~ " * 86400 + "
            ~ whole_division("lapsed_seconds", var("lapsed_again_days") * 86400)
            ~ " * "
            ~ (var("lapsed_again_days") * 86400),
        )
    }} as lapsed_at
from silences
where lapsed_seconds >= 0
