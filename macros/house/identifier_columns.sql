{# The kinds of identifier a record may carry, strongest first: the columns of every staging model of identifiers. #}
{% macro identifier_columns() %}
    {{
        return(
            [
                "account",
                "loyalty_card",
                "email",
                "phone",
                "device_token",
                "profile",
                "cookie",
                "payment_hash",
                "name_postcode",
            ]
        )
    }}
{% endmacro %}
