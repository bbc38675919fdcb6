-- Orders and revenue divided among channels and campaigns, rule by rule, beside what a holdout says
-- the channel really brought: all of it adds up to all orders, '(no touch)' included.
with
    spend as (
        {% for level, channel, campaign in [
            ("all", "'(any)'", "'(all)'"),
            ("channel", "channel", "'(all)'"),
            ("campaign", "channel", "campaign"),
        ] %}
            select
                period_date,
                '{{ level }}' as level,
                {{ channel }} as channel,
                {{ campaign }} as campaign,
                sum(spend_amount) as spend_amount
            from {{ ref("int_channel_spend") }}
            group by 1, 2, 3, 4 {{ "union all" if not loop.last }}
        {% endfor %}
    ),
    totals as (
        select period_date, level, rule, sum(orders) as all_orders
        from {{ ref("int_attribution_figures") }}
        group by period_date, level, rule
    )
select
    -- keys
    figures.period_date,
    figures.level,
    figures.rule,
    figures.channel,
    figures.campaign,
    -- facts
    cast({{ in_full("figures.orders", 6) }} as decimal(18, 6)) as conversion_count,
    cast({{ in_full("figures.revenue", 8) }} as decimal(28, 8)) as revenue_amount,
    cast({{ in_full("figures.refunds", 8) }} as decimal(28, 8)) as refund_amount,
    {{ rounded("cast(figures.orders as double) / nullif(totals.all_orders, 0)") }} as share_rate,
    shares.share_low,
    shares.share_high,
    cast(coalesce(spend.spend_amount, 0) as decimal(18, 2)) as spend_amount,
    {{
        rounded(
            "figures.revenue / 100000000.0e0 / nullif(cast(spend.spend_amount as double), 0)"
        )
    }} as roas,
    {{ rounded("calibrations.factor") }} as calibration_factor,
    {{ rounded("calibrations.factor_low") }} as calibration_low,
    {{ rounded("calibrations.factor_high") }} as calibration_high,
    {% for name in ["factor", "factor_low", "factor_high"] %}
        {{ rounded("figures.orders / 1000000.0e0 * calibrations." ~ name) }}
        as {{ name.replace("factor", "incremental") if name != "factor" else "incremental_count" }},
    {% endfor %}
    coalesce(calibrations.experiment, 'none') as evidence
from {{ ref("int_attribution_figures") }} as figures
inner join
    totals
    on totals.period_date = figures.period_date
    and totals.level = figures.level
    and totals.rule = figures.rule
left join
    spend
    on spend.period_date = figures.period_date
    and spend.level = figures.level
    and spend.channel = figures.channel
    and spend.campaign = figures.campaign
left join
    {{ ref("int_attribution_shares") }} as shares
    on figures.rule = 'markov'
    and shares.period_date = figures.period_date
    and shares.level = figures.level
    and shares.channel = figures.channel
    and shares.campaign = figures.campaign
-- a holdout of the channel says nothing about one of its campaigns
left join
    {{ ref("int_channel_calibrations") }} as calibrations
    on figures.level <> 'campaign'
    and calibrations.channel = figures.channel
    and calibrations.rule = figures.rule
