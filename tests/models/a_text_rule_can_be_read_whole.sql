-- Phrases are written in lower case, none is empty, and beyond the eighth none would be looked for.
select rule_id, pattern
from {{ ref("text_signal_rules") }}
where
    pattern <> lower(pattern)
    or '|' || pattern || '|' like '%||%'
    or length(pattern) - length(replace(pattern, '|', '')) > 7
