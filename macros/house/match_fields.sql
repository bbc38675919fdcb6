{# What two records are compared by: the columns of int_match_records. #}
{% macro match_fields() %}
    {{
        return(
            [
                "given_name",
                "family_name",
                "birth_date",
                "number",
                "email_name",
                "street",
                "postcode",
            ]
        )
    }}
{% endmacro %}

{# Which records are worth comparing: those that agree in all columns of a rule. Weights are
   learned from the pairs of rules that people who only live together do not meet often. #}
{% macro match_rules() %}
    {% set rules = [
        {
            "rule": "family name and birth date",
            "columns": ["family_name", "birth_date"],
            "learns": true,
        },
        {
            "rule": "given name and birth date",
            "columns": ["given_name", "birth_date"],
            "learns": true,
        },
        {"rule": "family name and postcode", "columns": ["family_name", "postcode"]},
        {"rule": "given name and postcode", "columns": ["given_name", "postcode"]},
        {"rule": "both names", "columns": ["given_name", "family_name"], "learns": true},
        {"rule": "family name and street", "columns": ["family_name", "street"]},
        {"rule": "given name and street", "columns": ["given_name", "street"]},
        {"rule": "street and postcode", "columns": ["street", "postcode"]},
        {"rule": "birth date and postcode", "columns": ["birth_date", "postcode"]},
        {"rule": "number", "columns": ["number"], "learns": true},
        {"rule": "e-mail name", "columns": ["email_name"], "learns": true},
    ] %}
    {% for rule in rules %} {% do rule.update({"bit": 2**loop.index0}) %} {% endfor %}
    {{ return(rules) }}
{% endmacro %}

{# The level columns of a row, in the order of the fields. #}
{% macro match_level_columns(row="") -%}
    {%- for field in match_fields() -%}
        {{ row }}{{ field }}_level{{ ", " if not loop.last }}
    {%- endfor -%}
{%- endmacro %}

{# Fields whose agreement says more the fewer people share the value. #}
{% macro match_names() %} {{ return(["given_name", "family_name"]) }} {% endmacro %}
