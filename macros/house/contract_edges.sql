{# Hook every node to its smallest neighbour if that is smaller, jump to the root, contract; until no edge is left. Fails rather than stop early. A node without a parent is a root and has no row. #}
{% macro contract_edges(name, most_rounds=64) %}
    {% set state = namespace(rounds=0, open=true) %}
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
    {% set hooks %}
        select b as v, min(a) as p, count(*) > 1 as has_more
        from {{ working_table(name ~ "__edges_" ~ round) }}
        where a <> b
        group by b
    {% endset %}
    {% do replace_working_table(name ~ "__hooks", hooks) %}
{% endmacro %}

{# The larger end of an edge always has a parent, the smaller one may be a root. An end whose only edge made it a child is
   done: both ends of it have the same root. Edges that are left are few: written down, they are looked up from their side.
   An edge may then stand twice: to say each once costs more than the next round spends on it. #}
{% macro contract_once(name, round) %}
    {% set parents = working_table(name ~ "__parents_" ~ round) %}
    {% set left_over %}
        select edges.a, high.p
        from {{ working_table(name ~ "__edges_" ~ round) }} as edges
        inner join {{ parents }} as high
            on high.v = edges.b and high.has_more and high.p <> edges.a
    {% endset %}
    {% do replace_working_table(name ~ "__left_over", left_over) %}
    {% set edges %}
        select least(coalesce(low.p, e.a), e.p) as a, greatest(coalesce(low.p, e.a), e.p) as b
        from {{ working_table(name ~ "__left_over") }} as e
        left join {{ parents }} as low on low.v = e.a
        where coalesce(low.p, e.a) <> e.p
    {% endset %}
    {% do replace_working_table(name ~ "__edges_" ~ (round + 1), edges) %}
{% endmacro %}
