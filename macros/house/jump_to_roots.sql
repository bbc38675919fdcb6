{# Point every node at its root. Only parents that have a parent jump, each to its parent's parent until no pointer moves: they are few. #}
{% macro jump_to_roots(name, round, most_jumps=64) %}
    {% do part_parents(name, round) %}
    {% set state = namespace(jumps=0, moving=has_rows(name ~ "__inner_0")) %}
    {% for jump in range(most_jumps) %}
        {% if state.moving %}
            {% set state.jumps = jump + 1 %}
            {% set state.moving = jump_once(name ~ "__inner_", jump % 2, state.jumps % 2) %}
        {% endif %}
    {% endfor %}
    {% if state.moving %}
        {% do exceptions.raise_compiler_error(
            name ~ ": still moving after " ~ most_jumps ~ " jumps"
        ) %}
    {% endif %}
    {% do settle_on_roots(name, round, state.jumps % 2) %}
{% endmacro %}

{# Parents that have a parent are to jump, the others are roots. The first round, where they are many, says each parent
   once before it looks them up, and keeps the roots: the smallest node of every component is one of them. #}
{% macro part_parents(name, round) %}
    {% set hooks, tops = working_table(name ~ "__hooks"), working_table(name ~ "__tops") %}
    {% if round == 0 %}
        {% do replace_working_table(name ~ "__tops", "select p from " ~ hooks ~ " group by p") %}
    {% endif %}
    {% set inner_nodes %}
        select v, p, true as has_moved
        from {{ hooks }}
        where v in (select p from {{ tops if round == 0 else hooks }})
    {% endset %}
    {% do replace_working_table(name ~ "__inner_0", inner_nodes) %}
    {% if round == 0 %}
        {% do replace_working_table(name ~ "__roots", roots_among(name)) %}
    {% endif %}
{% endmacro %}

{% macro roots_among(name) %}
    select tops.p as v
    from {{ working_table(name ~ "__tops") }} as tops
    left join {{ working_table(name ~ "__inner_0") }} as inner_nodes on inner_nodes.v = tops.p
    where inner_nodes.v is null
{% endmacro %}

{# One jump; returns whether anything moved. #}
{% macro jump_once(inner, here, there) %}
    {% set jump %}
        select x.v, coalesce(y.p, x.p) as p, y.p is not null as has_moved
        from {{ working_table(inner ~ here) }} as x
        left join {{ working_table(inner ~ here) }} as y on y.v = x.p
    {% endset %}
    {% do replace_working_table(inner ~ there, jump) %}
    {{ return(has_rows(inner ~ there, "has_moved")) }}
{% endmacro %}

{% macro settle_on_roots(name, round, last) %}
    {% set parents %}
        select x.v, coalesce(y.p, x.p) as p, x.has_more
        from {{ working_table(name ~ "__hooks") }} as x
        left join {{ working_table(name ~ "__inner_" ~ last) }} as y on y.v = x.p
    {% endset %}
    {% do replace_working_table(name ~ "__parents_" ~ round, parents) %}
{% endmacro %}
