-- First round: each customer's best open candidate, or the better of two that bring more, as far as
-- shared caps admit it.
{{ decision_round(1) }}
