"""What rows of budgets.csv and prices.csv mean together with the messages: sums that nothing is paid from."""

from __future__ import annotations

from collections.abc import Iterator

from orchestration.lint.caps import days_kept, hours_of
from orchestration.lint.rows import Finding, Row, Seeds, overlap

HIGHEST_AMOUNT = 1e12  # thousandths of it still fit a whole number
HIGHEST_PRICE = 4000.0  # above every score
COLUMNS = {"group": "exclusion_group", "message": "message_id"}


def budgets_out_of_range(seeds: Seeds) -> Iterator[Finding]:
    kept = days_kept(seeds)
    for row in seeds.of("budgets"):
        if not 0 < row.number("amount") <= HIGHEST_AMOUNT:
            yield row.finding("amount is out of range", "Use a sum above 0; to forbid, write a suppression")
        if not 1 <= row.number("budget_id") <= 998:
            yield row.finding("budget_id is no reason code of a cap", "Use 1 to 998")
        if not row.number("window_n") >= 1 or hours_of(row) >= kept * 24:
            yield row.finding("window is longer than contacts are kept", f"Stay below {kept} days")


def budgets_of_nothing(seeds: Seeds) -> Iterator[Finding]:
    for row in seeds.of("budgets"):
        if not any(m.number("unit_cost") > 0 and is_of(row, m) for m in seeds.of("messages")):
            yield row.finding(
                "no message of this scope costs anything", "Give one its unit_cost, or remove it"
            )
        for other in seeds.of("budgets"):
            same = all(row[c] == other[c] for c in ("scope_type", "scope_key", "window_n", "window_unit"))
            if other.line < row.line and same and overlap(row, other):
                yield row.finding(
                    f"the same window as budget {other['budget_id']}", "Keep the smaller of the two"
                )


def is_of(row: Row, message: Row) -> bool:
    """Whether a message is paid from this row."""
    scope = row["scope_type"]
    value = message[COLUMNS.get(scope, scope)]
    return scope == "global" or (value != "" and row["scope_key"] in ("*", value))


def prices_out_of_range(seeds: Seeds) -> Iterator[Finding]:
    for row in seeds.of("prices"):
        if not 0 <= row.number("amount") <= HIGHEST_PRICE:
            yield row.finding("amount is out of range", f"Use 0 to {HIGHEST_PRICE:.0f}")
        if not 1 <= row.number("from_tier") <= 15:
            yield row.finding("transactional messages pay no price", "Use a from_tier of 1 to 15")


RULES = (budgets_out_of_range, budgets_of_nothing, prices_out_of_range)
