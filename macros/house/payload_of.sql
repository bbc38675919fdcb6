{# What travels with a decided message: where it comes from, why, after what, and what it is about. #}
{% macro payload_of(candidate) -%}
    {{
        json_object(
            [
                ["programme", candidate ~ ".programme"],
                ["step", candidate ~ ".step"],
                ["moved_because", candidate ~ ".moved_because"],
                ["after_message_id", candidate ~ ".last_message_id"],
                ["after_channel", candidate ~ ".last_channel"],
                ["product_id", candidate ~ ".product_id"],
                ["product_category", candidate ~ ".product_category"],
            ]
        )
    }}
{%- endmacro %}
