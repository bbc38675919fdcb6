"""What would have had to be different for a message that was not sent: from the ledger's own columns, never guessed.

"would have competed" is all the ledger can promise of what never came to the choice; "would have been sent" is said
where the choice itself was lost.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from orchestration.why.words import BITS, FIRST_RULE, RULE_CODES

CONSENT, QUIET, EXPIRED, WITHHELD, UNREACHABLE, DEAR, SHARED = (
    1 << bit for bit in (0, 9, 10, 11, 12, 14, 15)
)
CAPS = (2, 3, 4, 5, 6, 7, 13)
LOST, NO_ROUND, MONEY = 2000, 1940, range(901, 1000)


@dataclass(frozen=True)
class Clock:
    """Whose local time is spoken of: the customer's where their zone is known."""

    time_zone: str
    is_known: bool

    def told(self, moment: datetime) -> str:
        """UTC moments as the customer's clock shows them."""
        if not self.is_known:
            return f"{moment:%a %Y-%m-%d %H:%M} UTC, when it is open in all of their country"
        local = moment.replace(tzinfo=ZoneInfo("UTC")).astimezone(ZoneInfo(self.time_zone))
        return f"{local:%H:%M} their time on {local:%a %Y-%m-%d}"


@dataclass(frozen=True)
class Facts:
    """What the ledger keeps of one candidate, and of the choice that was made instead (winner)."""

    channel: str
    outcome: str
    first_reason: int
    reason_mask: int
    score: int
    short_by: int | None
    tier: int | None
    hold_until: datetime | None
    winner: str
    winner_score: int | None
    winner_tier: int | None


def otherwise(facts: Facts, words: Mapping[int, str], most: Mapping[int, int], clock: Clock) -> str:
    """One sentence; empty for what was sent. words, most: by reason code, in words and as the number a cap allows."""
    if facts.outcome == "send":
        return ""
    conditions = list(_conditions(facts, words, most, clock))
    if not conditions:
        return ""
    is_choice = facts.outcome == "withhold" or facts.first_reason in (LOST, NO_ROUND)
    return f"would have {'been sent' if is_choice else 'competed'} if {', and '.join(conditions)}"


def _conditions(
    facts: Facts, words: Mapping[int, str], most: Mapping[int, int], clock: Clock
) -> Iterator[str]:
    """Everything that had to be different, all of it at once."""
    mask = facts.reason_mask
    if mask & UNREACHABLE:
        yield f"an address for {facts.channel} were known that takes messages"
    if mask & CONSENT:
        yield f"consent for {facts.channel} were granted"
    for rule in range((mask >> FIRST_RULE).bit_length()):
        if mask >> FIRST_RULE + rule & 1:
            code = RULE_CODES + rule
            yield f"this were no longer so: {words.get(code, f'suppression {rule}')}"
    yield from _hours(facts, clock)
    yield from _caps(facts, words, most)
    if mask & SHARED:
        yield _shared(facts, words)
    if facts.first_reason in (LOST, NO_ROUND):
        yield _beaten(facts)
    if mask & WITHHELD:
        yield "they were not in the holdout"


def _hours(facts: Facts, clock: Clock) -> Iterator[str]:
    opens = clock.told(facts.hold_until) if facts.hold_until else ""
    if facts.reason_mask & EXPIRED:
        yield (
            f"it still held good when {facts.channel} opens, at {opens}"
            if opens
            else f"{facts.channel} opened within eight days"
        )
    elif facts.reason_mask & QUIET:
        yield f"it were after {opens}" if opens else f"{facts.channel} were open"


def _caps(facts: Facts, words: Mapping[int, str], most: Mapping[int, int]) -> Iterator[str]:
    """Caps of their own, and the price: a number where one thing alone stood in the way, else what stood there."""
    full = [bit for bit in CAPS if facts.reason_mask >> bit & 1]
    allowed = most.get(facts.first_reason)
    if full and facts.short_by and allowed:
        rule = words.get(facts.first_reason, "").removeprefix("cap reached: ")
        yield f"the cap allowed {allowed + facts.short_by} instead of {allowed} ({rule})"
    elif full:
        named = ", ".join(BITS[bit].removeprefix("the cap of ").removeprefix("the cap ") for bit in full)
        yield f"there were room under every cap; more than one was in the way ({named.replace(' was reached', '')})"
    if facts.reason_mask & DEAR:
        missing = f", {money(facts.short_by)} more than the {money(facts.score)} it was worth" * bool(
            facts.short_by and not full
        )
        yield f"it were worth its price{missing}"


def _shared(facts: Facts, words: Mapping[int, str]) -> str:
    rule = words.get(facts.first_reason, "a shared limit").removeprefix("cap reached: ")
    left = "enough money were left" if facts.first_reason in MONEY else "a place were left"
    return (
        f"{left} under what it shares with others ({rule}), or others' messages that took it were worth less"
    )


def _beaten(facts: Facts) -> str:
    """Tiers go first; within a tier what is worth more, alone or together with what fits beside it."""
    if not facts.winner:
        return "fewer better messages had stood before it"
    if facts.tier is not None and facts.winner_tier is not None and facts.tier > facts.winner_tier:
        return (
            f"{facts.winner} had not been there: tier {facts.winner_tier} goes before tier {facts.tier}, whatever the "
            "score"
        )
    if facts.winner_score is None:
        return f"it were worth more than {facts.winner}"
    if facts.winner_score < facts.score:  # it shut out what together brings more, or its price is higher
        return f"it had brought more, with what could follow it, than {facts.winner} with what goes together with that"
    return f"its score were above {money(facts.winner_score)}, that of {facts.winner}; its own was {money(facts.score)}"


def money(micro: int | None) -> str:
    """Millionths as people read amounts."""
    return f"{(micro or 0) / 1e6:.3f}"
