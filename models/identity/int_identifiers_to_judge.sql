-- Identifiers this pass has to judge: what was seen of them, and what was judged last. Of those it
-- was not shown the last verdict carries what was seen, so history is looked through once. None
-- when everything is built anew, for then it is all that was observed.
{% set before = identity_before() %}
{% set partners = ref("int_identifier_partners") %}
{% set seen = ["identifier_key", "identifier_type", "blocked_reason", "is_burst", "loaded_at"] %}
{% set verdict = identifier_verdict() + ["ruled_batch"] %}
with shown as ({{ identifiers_counted(before) }})
{% if before %}
        ,
        held as (
            select *
            from {{ by_name("int_identifiers_judged") }}
            where identifier_key in (select identifier_key from {{ partners }})
        )
    select
        {% for column in seen %}
            case
                when shown.identifier_key is null then held.{{ column }} else shown.{{ column }}
            end as {{ column }},
        {% endfor %}
        {% for column in verdict %}
            held.{{ column }} as held_{{ column }} {{ "," if not loop.last }}
        {% endfor %}
    from shown
    full outer join held on held.identifier_key = shown.identifier_key
{% else %} select * from shown where 1 = 0
{% endif %}
