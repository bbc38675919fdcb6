{# A figure with nine digits after the point, the same on every engine: through a decimal, for engines round doubles apart.
   Plus nothing, for one keeps the sign of a zero and the other does not. #}
{% macro rounded(figure) -%}
    (cast(cast({{ figure }} as decimal(28, 9)) as double) + 0e0)
{%- endmacro %}

{# The root of a variance; what should be zero may come out a little below it. #}
{% macro root_of(variance) -%}
    sqrt(case when {{ variance }} > 0 then {{ variance }} when {{ variance }} <= 0 then 0 end)
{%- endmacro %}
