-- Fifth round: each customer's best open candidate, as far as shared caps admit it.
{{ decision_round(5) }}
