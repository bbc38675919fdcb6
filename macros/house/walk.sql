{# Shortest ways, breadth first. The model says which pairs (a, b) may be walked, in both directions, and where walks begin
   (a = b); the table says for each node reached its distance and the node before it. Exact or failing. Goes on from the table as it
   stands when identity does: then the model gives all pairs of whatever has to be walked again. #}
{% materialization walk, default, supported_languages = ["sql"] %}
    {% set target_relation = this.incorporate(type="table") %}
    {% set name = this.identifier %}
    {{ run_hooks(pre_hooks) }}
    {% do replace_working_table(name ~ "__sides", both_directions(sql)) %}
    {% do replace_working_table(name ~ "__front_0", where_walks_begin(name)) %}
    {% set rounds = walk_until_the_end(name) %}
    {% do replace_working_table(name ~ "__rows", all_fronts(name, rounds)) %}
    {% call statement("main") %}
        {% if identity_before() %}
            {{ put_rows(target_relation, working_table(name ~ "__rows"), ["node"]) }}
        {% else %}
            {{
                replace_table_as(
                    target_relation, "select * from " ~ working_table(name ~ "__rows")
                )
            }}
        {% endif %}
    {% endcall %}
    {% do drop_walk(name, rounds) %}
    {{ run_hooks(post_hooks) }}
    {% do adapter.commit() %}
    {{ return({"relations": [target_relation]}) }}
{% endmaterialization %}

{% macro both_directions(pairs) %}
    with pairs as ({{ pairs }})
    select a as one, b as other
    from pairs
    union all
    select b as one, a as other
    from pairs
    where a <> b
{% endmacro %}

{% macro where_walks_begin(name) %}
    select one as node, cast(null as bigint) as previous, cast(0 as bigint) as distance
    from {{ working_table(name ~ "__sides") }}
    where one = other
{% endmacro %}

{# A neighbour of a front lies in the front before it, in it, or in the next: no need to remember more than two. #}
{% macro next_front(name, round) %}
    select
        sides.other as node, min(sides.one) as previous, cast({{ round + 1 }} as bigint) as distance
    from {{ working_table(name ~ "__sides") }} as sides
    inner join {{ working_table(name ~ "__front_" ~ round) }} as front on front.node = sides.one
    {% for earlier in ([round - 1, round] if round else [round]) %}
        left join
            {{ working_table(name ~ "__front_" ~ earlier) }} as seen_{{ loop.index }}
            on seen_{{ loop.index }}.node = sides.other
    {% endfor %}
    where seen_1.node is null {% if round %} and seen_2.node is null {% endif %}
    group by sides.other
{% endmacro %}

{% macro walk_until_the_end(name, most_rounds=1000) %}
    {% set state = namespace(rounds=0, open=has_rows(name ~ "__front_0")) %}
    {% for round in range(most_rounds) %}
        {% if state.open %}
            {% do replace_working_table(name ~ "__front_" ~ (round + 1), next_front(name, round)) %}
            {% set state.rounds = round + 1 %}
            {% set state.open = has_rows(name ~ "__front_" ~ (round + 1)) %}
        {% endif %}
    {% endfor %}
    {% if state.open %}
        {% do exceptions.raise_compiler_error(
            name ~ ": not at the end after " ~ most_rounds ~ " steps"
        ) %}
    {% endif %}
    {{ return(state.rounds) }}
{% endmacro %}

{% macro all_fronts(name, rounds) %}
    {% for round in range(rounds + 1) %}
        select node, previous, distance
        from {{ working_table(name ~ "__front_" ~ round) }} {{ "union all" if not loop.last }}
    {% endfor %}
{% endmacro %}

{% macro drop_walk(name, rounds) %}
    {% do drop_working_table(name ~ "__sides") %}
    {% do drop_working_table(name ~ "__rows") %}
    {% for round in range(rounds + 1) %}
        {% do drop_working_table(name ~ "__front_" ~ round) %}
    {% endfor %}
{% endmacro %}
