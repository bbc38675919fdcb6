{# What scores are made of: columns of int_features__measured, whole numbers that enter as ln(1 + n). To add one, add the
   column, its name here and its words in seeds/score_features.csv; the next learning weighs it. #}
{% macro score_features() %}
    {% set orders = "has_ordered order_count order_count_90d order_count_30d order_silent_days" %}
    {% set habits = "order_gap_days spent_90d refund_count_90d known_days ticket_count_30d" %}
    {% set visits = "visit_count_30d visit_silent_days view_count_7d cart_count_7d" %}
    {% set contacts = "sent_count_30d sent_count_7d opened_count_30d clicked_count_90d" %}
    {{ return((orders ~ " " ~ habits ~ " " ~ visits ~ " " ~ contacts).split(" ")) }}
{% endmacro %}
