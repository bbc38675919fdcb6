-- What the chain of channels, fitted when the last release was published, gives each step of a
-- month: a share of all orders that had a touch. What rounding leaves goes to the largest.
with
    fits as (
        select *, max(fitted_at) over (partition by period_date, level) as last_fitted_at
        from {{ ref("stg_downbeat__path_shares") }}
    ),
    steps as (
        select step_number, channel_number, channel, campaign from {{ ref("dim_path_steps") }}
    ),
    channels as (select channel_number, min(channel) as channel from steps group by channel_number),
    named as (
        select
            fits.*,
            coalesce(channels.channel, steps.channel) as channel,
            coalesce(steps.campaign, '(all)') as campaign
        from fits
        left join channels on fits.level = 'channel' and channels.channel_number = fits.step_number
        left join steps on fits.level = 'campaign' and steps.step_number = fits.step_number
        where fits.fitted_at = fits.last_fitted_at
    ),
    touched as (
        select
            period_date,
            sum(linear_orders) as orders,
            sum(linear_revenue) as revenue,
            sum(linear_refunds) as refunds
        from {{ ref("int_attribution_sums") }}
        where step_number is not null
        group by period_date
    ),
    shared as (
        select
            named.*,
            touched.orders,
            touched.revenue,
            touched.refunds,
            cast(round(touched.orders * named.share) as bigint) as step_orders,
            cast(round(touched.revenue * named.revenue_share) as bigint) as step_revenue,
            cast(round(touched.refunds * named.revenue_share) as bigint) as step_refunds,
            row_number() over (
                partition by named.period_date, named.level
                order by named.share desc, named.step_number
            ) as rank
        from named
        inner join touched on touched.period_date = named.period_date
        where named.channel is not null
    )
select
    -- keys
    period_date,
    level,
    channel,
    campaign,
    -- facts
    share_low,
    share_high,
    {% for amount in ["orders", "revenue", "refunds"] %}
        cast(
            case
                when rank = 1
                then
                    {{ amount }}
                    - sum(step_{{ amount }}) over (partition by period_date, level)
                    + step_{{ amount }}
                else step_{{ amount }}
            end as bigint
        ) as {{ amount }},
    {% endfor %}
    -- times
    fitted_at
from shared
