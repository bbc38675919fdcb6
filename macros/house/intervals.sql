{# Standard errors to either side of an estimate that may be looked at every day: an asymptotic confidence sequence
   (Waudby-Smith and others), narrowest when `planned` people have been seen. 95 percent. #}
{% macro anytime_errors(people, planned) -%}
    {% set rho = "(7.936154601737565e0/" ~ planned ~ ")" -%}
    sqrt(
        2
        * ({{ people }} * {{ rho }} + 1)
        / ({{ people }} * {{ rho }})
        * ln(sqrt({{ people }} * {{ rho }} + 1) / 0.05e0)
    )
{%- endmacro %}

{# Chi-square of one chance in a thousand, for one to six arms beside the ordinary one. #}
{% macro srm_limit(arm_count) -%}
    case
        {{ arm_count }}
        when 2
        then 10.827566170662733e0
        when 3
        then 13.815510557964274e0
        when 4
        then 16.26623619623813e0
        when 5
        then 18.46682695290317e0
        when 6
        then 20.515005652432873e0
        else 22.457744484825323e0
    end
{%- endmacro %}
