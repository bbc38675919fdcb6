{# The pairs that join at a step: all that are sure; after the first step only within groups that broke a limit, and surer
   by a notch each time. #}
{% macro match_group_edges(step) %}
    {% if step == 1 %}
        select left_key as a, right_key as b
        from {{ ref("int_match_pairs") }}
        where is_sure and {{ var("match_joins") }}
    {% else %}
        {% set before = ref("int_match_groups_" ~ (step - 1)) %}
        with broken as ({{ match_groups_broken(step - 1) }})
        select pairs.left_key as a, pairs.right_key as b
        from {{ ref("int_match_pairs") }} as pairs
        inner join {{ before }} as members on members.node = pairs.left_key
        inner join broken on broken.component = members.component
        where
            pairs.is_sure
            and pairs.weight >= {{ var("match_sure_from") + (step - 1) * var("match_notch") }}
        union all
        select members.node as a, members.node as b
        from {{ before }} as members
        inner join broken on broken.component = members.component
    {% endif %}
{% endmacro %}

{# Groups that hold more of a kind than one customer has, or islands that people have parted. #}
{% macro match_groups_broken(step) %}
    select distinct component
    from
        (
            select members.component
            from {{ ref("int_match_groups_" ~ step) }} as members
            inner join
                {{ ref("int_match_holdings") }} as holdings on holdings.record_key = members.node
            group by members.component, holdings.kind, holdings.most_allowed
            having sum(holdings.held_count) > holdings.most_allowed
        ) as counted
    union
    select one.component
    from {{ ref("int_match_cuts") }} as cuts
    inner join {{ ref("int_match_groups_" ~ step) }} as one on one.node = cuts.left_key
    inner join
        {{ ref("int_match_groups_" ~ step) }} as other
        on other.node = cuts.right_key
        and other.component = one.component
{% endmacro %}
