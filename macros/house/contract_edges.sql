{# Hook every node to its smallest neighbour, jump to the root, contract; until no edge is left. Fails rather than stop early. #}
{% macro contract_edges(name, most_rounds=64) %}
    {% set state = namespace(rounds=0, open=has_rows(name ~ "__edges_0")) %}
    {% for round in range(most_rounds) %}
        {% if state.open %}
            {% do hook_to_smallest_neighbour(name, round) %}
            {% do jump_to_roots(name, round) %}
            {% do contract_once(name, round) %}
            {% set state.rounds = round + 1 %}
            {% set state.open = has_rows(name ~ "__edges_" ~ (round + 1)) %}
        {% endif %}
    {% endfor %}
    {% if state.open %}
        {% do exceptions.raise_compiler_error(
            name ~ ": no convergence in " ~ most_rounds ~ " rounds"
        ) %}
    {% endif %}
    {{ return(state.rounds) }}
{% endmacro %}

{% macro hook_to_smallest_neighbour(name, round) %}
    {% set edges = working_table(name ~ "__edges_" ~ round) %}
    {% set hooks %}
        select v, min(p) as p
        from (select a as v, a as p from {{ edges }} union all select b as v, a as p from {{ edges }}) as sides
        group by v
    {% endset %}
    {% do replace_working_table(name ~ "__parents_" ~ round, hooks) %}
{% endmacro %}

{% macro contract_once(name, round) %}
    {% set parents = working_table(name ~ "__parents_" ~ round) %}
    {% set edges %}
        select distinct least(l.p, r.p) as a, greatest(l.p, r.p) as b
        from {{ working_table(name ~ "__edges_" ~ round) }} as e
        inner join {{ parents }} as l on l.v = e.a
        inner join {{ parents }} as r on r.v = e.b
        where l.p <> r.p
    {% endset %}
    {% do replace_working_table(name ~ "__edges_" ~ (round + 1), edges) %}
{% endmacro %}
