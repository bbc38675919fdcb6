-- The parameters of the lifetime model in force, in one row; none without one.
select
    -- keys
    model_version,
    -- facts
    {% for name in ["r", "alpha", "a", "b", "spend_p", "spend_q", "spend_gamma"] -%}
        max(case when feature = '{{ name }}' then coefficient end) as {{ name }}
        {{- "," if not loop.last }}
    {% endfor %}
from {{ ref("int_score_weights") }}
where model = 'lifetime'
group by model_version
