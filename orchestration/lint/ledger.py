"""What rows of ledger_retention.csv mean together: terms that forget what the next decision still needs."""

from __future__ import annotations

from collections.abc import Iterator

from orchestration.lint.rows import Finding, Row, Seeds

LAST_REASON = 9999


def terms_out_of_range(seeds: Seeds) -> Iterator[Finding]:
    for row in seeds.of("ledger_retention"):
        if not row.number("days") >= 1:
            yield row.finding("days is out of range", "Use 1 or more")
        if not 0 <= row.number("reason_from") <= row.number("reason_to") <= LAST_REASON:
            yield row.finding("the reasons are no range", f"Use 0 to {LAST_REASON}, the smaller one first")
        if row["best_n"] and not row.number("best_n") >= 1:
            yield row.finding("best_n keeps nothing", "Use 1 or more, or leave it empty for all")


def terms_that_forget_too_early(seeds: Seeds) -> Iterator[Finding]:
    """What was withheld once must not be offered again, and every row is kept in full at first."""
    rows = seeds.of("ledger_retention")
    if not rows:
        return
    for outcome, named in (("withhold", "what was withheld"), ("*", "every row")):
        if not any(is_whole(row) and row["outcome"] == outcome for row in rows):
            yield rows[0].finding(
                f"no rule keeps {named}",
                f"Add outcome {outcome} with reasons 0 to {LAST_REASON} and no best_n",
            )
    first = min(row.number("days") for row in rows)
    for row in rows:
        if row["outcome"] == "withhold" and row.number("days") <= first:
            yield row.finding("what was withheld could be offered again", f"Use more than {first:.0f} days")


def is_whole(row: Row) -> bool:
    """Whether the rule takes all rows of its outcome."""
    return row["reason_from"] == "0" and row.number("reason_to") >= LAST_REASON and not row["best_n"]


RULES = (terms_out_of_range, terms_that_forget_too_early)
