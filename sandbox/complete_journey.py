"""Real tills, campaigns and coupons, dropped into the landing folder as the streams that Downbeat already knows.

Source: the Complete Journey sample (84.51°, CC0): one year (2017) of a grocery chain's loyalty-card data. The household
is the only identifier, so it stands for the loyalty card. Nothing is invented: what the data does not hold stays empty.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import duckdb

AS_OF = datetime(2018, 1, 1, 6)

STREAMS = {
    "shop/products": """
        select product_id, coalesce(product_type, 'unknown') as name,
            coalesce(product_category, 'unknown') as category, null::decimal(18, 2) as price_amount,
            null::double as margin_rate, timestamp '2017-01-01 00:00:00' as updated_at
        from products""",
    "pos/receipt_lines": """
        select basket_id || '-' || row_number() over (
                partition by basket_id order by product_id, transaction_timestamp, quantity, sales_value, retail_disc
            ) as receipt_line_id,
            basket_id as receipt_id, store_id, null::varchar as till_id, null::varchar as cashier_id,
            household_id as loyalty_card, null::varchar as payment_hash, product_id,
            quantity::bigint as quantity, sales_value::decimal(18, 2) as amount, 'sale' as kind,
            transaction_timestamp::timestamp as sold_at
        from transactions""",
    "pos/coupon_redemptions": """
        select household_id || '-' || coupon_upc || '-' || redemption_date || '-' || row_number() over (
                partition by household_id, coupon_upc, redemption_date order by campaign_id
            ) as redemption_id,
            household_id as loyalty_card, coupon_upc as coupon, 'campaign ' || campaign_id as campaign,
            null::varchar as decision_id, redemption_date::timestamp as redeemed_at
        from coupon_redemptions""",
    "loyalty/members": """
        select household_id as loyalty_card, null::varchar as email, null::varchar as phone,
            null::varchar as first_name, null::varchar as last_name, null::date as birth_date,
            null::varchar as postcode, 'US' as country, null::varchar as store_id,
            try_cast(regexp_extract(any_value(household_size), '[0-9]+') as bigint) as household_size,
            timestamp '2017-01-01 00:00:00' as signed_up_at, timestamp '2017-01-01 00:00:00' as updated_at
        from (select household_id from transactions union select household_id from campaigns)
        left join demographics using (household_id)
        group by household_id""",
    "mailhouse/campaigns": """
        select 'campaign ' || campaign_id as campaign, campaign_type as kind,
            start_date::date as starts_date, end_date::date as ends_date
        from campaign_descriptions""",
    "mailhouse/campaign_products": """
        select distinct 'campaign ' || campaign_id as campaign, product_id from coupons""",
    "mailhouse/mailings": """
        select campaign_id || '-' || household_id as mailing_id, household_id as loyalty_card,
            'campaign ' || campaign_id as campaign, null::varchar as message_id, null::varchar as decision_id,
            null::decimal(18, 2) as cost_amount, start_date::timestamp as mailed_at
        from campaigns inner join campaign_descriptions using (campaign_id)""",
}


def drop_files(data: Path, landing: Path) -> None:
    """Write one Parquet file per stream under landing/<source>/<stream>/. FileNotFoundError names what is missing."""
    tables = {file.stem: file for file in sorted(data.glob("*.parquet"))}
    if "transactions" not in tables:
        raise FileNotFoundError(
            f"no transactions.parquet in {data}; point --data-folder at the Complete Journey files"
        )
    with duckdb.connect() as connection:
        for name, file in tables.items():
            connection.execute(f"create view {name} as select * from read_parquet('{file}')")
        for stream, query in STREAMS.items():
            folder = landing / stream
            folder.mkdir(parents=True, exist_ok=True)
            connection.execute(
                f"copy ({query} order by all) to '{folder}/complete_journey.parquet' (format parquet)"
            )
