{# When the channel of a message is closed for a customer now: the quiet hours that say so, joined as the given name. #}
{% macro quiet_hours_of(customer, message, name="q") -%}
    left join
        {{ ref("int_quiet_hours") }} as {{ name }}
        on {{ name }}.clock_number = {{ customer }}.clock_number
        and {{ name }}.channel_number = {{ message }}.channel_number
        and {{ message }}.purpose = 'marketing'
        and not {{ name }}.is_open
{%- endmacro %}
