-- And not longer before it than the window.
select conversion_id, clicked_at, ordered_at
from {{ ref("fct_last_click") }}
where
    clicked_at > ordered_at
    or {{ seconds_between("clicked_at", "ordered_at") }} > {{ var("click_window_days") }} * 86400
