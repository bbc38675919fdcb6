"""Reasons in words, and identifiers as they may be shown."""

from __future__ import annotations

from collections.abc import Mapping

BITS = {
    0: "no consent for marketing on this channel",
    1: "suppressed",
    2: "the cap over all channels was reached",
    3: "the cap of the channel was reached",
    4: "the cap of the category was reached",
    5: "the cap of the campaign was reached",
    6: "the cap of the group of messages was reached",
    7: "the cap of the message was reached",
    8: "lost to a better message",
    9: "quiet hours",
    10: "expired before it could be sent",
    11: "in the holdout",
    12: "cannot be reached on this channel",
    13: "the cap of the promoted product or category was reached",
    14: "worth less than the attention and money it costs",
    15: "a limit shared with others was reached",
}
"""The bits of reason_mask. From FIRST_RULE on, bit n says that suppression n - FIRST_RULE of the seed applies."""

FIRST_RULE, RULE_CODES, SUPPRESSED = 16, 1100, 1
EXPLAINED_BY = (
    {0: range(1000, 1050), 8: range(2000, 2001), 9: range(1910, 1912), 10: range(1920, 1921)}
    | {
        11: range(1900, 1902),
        12: range(1050, 1100),
        14: range(1930, 1931),
    }
    | {bit: range(1, 1000) for bit in (*range(2, 8), 13, 15)}
)
"""Which codes of a first reason already say what a bit would say again."""


def reasons(first_reason: int, mask: int, words: Mapping[int, str]) -> tuple[str, ...]:
    """Every reason once, the first one first. Codes that dim_reasons does not know are said as numbers."""
    told = [words.get(first_reason, f"reason {first_reason}")] if first_reason else []
    rules = mask >> FIRST_RULE
    for bit in range(FIRST_RULE):
        named = bit == SUPPRESSED and rules
        if mask >> bit & 1 and not named and first_reason not in EXPLAINED_BY.get(bit, ()):
            told.append(BITS.get(bit, f"reason bit {bit}"))
    codes = [RULE_CODES + rule for rule in range(rules.bit_length()) if rules >> rule & 1]
    told += [words.get(code, f"reason {code}") for code in codes if code != first_reason]
    return tuple(told)


def hidden(text: str, identifier_type: str = "") -> str:
    """Enough of an identifier to recognise it by, never enough to use it."""
    if "@" in text:
        name, _, domain = text.rpartition("@")
        return f"{name[:1]}***@{domain}"
    if identifier_type == "name_postcode":
        return "***"
    return f"{text[:2] if text.startswith('+') else ''}…{text[-4:]}" if len(text) > 6 else f"…{text[-2:]}"
