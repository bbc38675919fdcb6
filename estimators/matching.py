"""How much agreement tells about two records being one person, learned without labels (Fellegi and Sunter).

How often strangers agree (u) is counted on pairs drawn by lot. How often one person's records agree (m) is found by
expectation maximisation on pairs that share a block; the block's own columns say nothing there and are left out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]
Codes = NDArray[np.int64]

UNKNOWN = "unknown"
# What is believed before any data, and how many pairs that belief is worth: weights stay finite where nothing was seen.
BELIEVED = {
    "same": 0.5,
    "same and uncommon": 0.2,
    "same and rare": 0.16,
    "initial": 0.02,
    "one off": 0.05,
    "two off": 0.02,
    "different": 0.07,
}
BELIEF, LEAST_SEEN = 50.0, 0.5
MOST_ROUNDS, CLOSE_ENOUGH = 500, 1e-8


@dataclass(frozen=True)
class Patterns:
    """Patterns of agreement: codes (patterns x fields) into the levels of each field, -1 for unknown; counts."""

    fields: tuple[str, ...]
    levels: tuple[tuple[str, ...], ...]
    codes: Codes
    counts: Numbers

    @classmethod
    def of(cls, rows: Sequence[Mapping[str, Any]], levels: Mapping[str, Sequence[str]]) -> Patterns:
        """rows: "<field>_level" for each field and "pair_count". The order of rows does not matter."""
        fields = tuple(levels)
        ordered = sorted(
            rows, key=lambda row: (*(row[f"{field}_level"] for field in fields), row["pair_count"])
        )
        places = [{level: n for n, level in enumerate(levels[field])} | {UNKNOWN: -1} for field in fields]
        codes = [
            [place[row[f"{field}_level"]] for field, place in zip(fields, places, strict=True)]
            for row in ordered
        ]
        shape = np.array(codes, np.int64).reshape(len(ordered), len(fields))
        counts = np.array([row["pair_count"] for row in ordered], float)
        return cls(fields, tuple(tuple(levels[field]) for field in fields), shape, counts)

    def tally(self, field: int, weights: Numbers) -> Numbers:
        """The weights of the patterns summed per level of a field; unknown is left out."""
        known = self.codes[:, field] >= 0
        sums = np.bincount(self.codes[known, field], weights[known], minlength=len(self.levels[field]))
        return sums.astype(np.float64)


def stranger_shares(by_lot: Patterns) -> list[Numbers]:
    """Per field how often pairs by lot show each level (u); sums to one. A field nobody fills in tells nothing."""
    believed = believed_shares(by_lot.levels)
    tallies = [by_lot.tally(field, by_lot.counts) for field in range(len(by_lot.fields))]
    smooth = [(seen + LEAST_SEEN) / (seen + LEAST_SEEN).sum() for seen in tallies]
    return [
        share if seen.sum() else belief for share, seen, belief in zip(smooth, tallies, believed, strict=True)
    ]


def believed_shares(levels: Sequence[Sequence[str]]) -> list[Numbers]:
    """Per field what is believed of one person's records before any data."""
    raw = [np.array([BELIEVED[level] for level in names]) for names in levels]
    return [shares / shares.sum() for shares in raw]


def evidence(
    patterns: Patterns, m: Sequence[Numbers], u: Sequence[Numbers], fields: Sequence[int]
) -> Numbers:
    """Natural log of how much more likely each pattern is for one person than for strangers."""
    total = np.zeros(len(patterns.counts))
    for field in fields:
        known = patterns.codes[:, field] >= 0
        ratio = np.log(m[field]) - np.log(u[field])
        total[known] += ratio[patterns.codes[known, field]]
    return total


def posterior(log_ratio: Numbers, share: float) -> Numbers:
    """Probability of being one person, given the evidence and the share of such pairs."""
    logit = log_ratio + np.log(share) - np.log1p(-share)
    result: Numbers = 1.0 / (1.0 + np.exp(-np.clip(logit, -700, 700)))
    return result


@dataclass(frozen=True)
class Learned:
    """What a block teaches: expected one-person pairs per field and level, and their share in the block."""

    tallies: dict[int, Numbers]
    share: float


def learn_block(block: Patterns, u: Sequence[Numbers], without: Sequence[str]) -> Learned:
    """Expectation maximisation over one block's patterns with u held fixed."""
    fields = [n for n, field in enumerate(block.fields) if field not in without]
    belief = believed_shares(block.levels)
    m, share = [shares.copy() for shares in belief], 0.3
    for _ in range(MOST_ROUNDS):
        expected = block.counts * posterior(evidence(block, m, u, fields), share)
        tallies = {field: block.tally(field, expected) for field in fields}
        before = np.concatenate([m[field] for field in fields])
        for field in fields:
            seen = tallies[field] + BELIEF * belief[field]
            m[field] = seen / seen.sum()
        share = float((expected.sum() + 1) / (block.counts.sum() + 2))
        if np.abs(np.concatenate([m[field] for field in fields]) - before).max() < CLOSE_ENOUGH:
            break
    return Learned(tallies, share)


def one_person_shares(learned: Sequence[Learned], levels: Sequence[Sequence[str]]) -> list[Numbers]:
    """Per field how often one person's records show each level (m), over all blocks that could tell."""
    shares = []
    for field, belief in enumerate(believed_shares(levels)):
        seen = BELIEF * belief + sum(
            (block.tallies[field] for block in learned if field in block.tallies), np.zeros(len(belief))
        )
        shares.append(seen / seen.sum())
    return shares


def prior_share(compared: Patterns, m: Sequence[Numbers], u: Sequence[Numbers], all_pairs: float) -> float:
    """The share of one-person pairs among all pairs there are; pairs that share no block count as strangers."""
    fields = range(len(compared.fields))
    log_ratio = evidence(compared, m, u, fields)
    share = 1.0 / float(np.sqrt(max(all_pairs, 4.0)))
    for _ in range(MOST_ROUNDS):
        found = float((compared.counts * posterior(log_ratio, share)).sum())
        now = min((found + LEAST_SEEN) / (all_pairs + 2 * LEAST_SEEN), 0.5)
        if abs(now - share) <= CLOSE_ENOUGH * share:
            break
        share = now
    return share


@dataclass(frozen=True)
class Weight:
    """One row of the table of weights; weight in thousandths of a bit."""

    field: str
    level: str
    m: float
    u: float

    @property
    def weight(self) -> int:
        return round(1000 * float(np.log2(self.m) - np.log2(self.u)))


def learn_weights(
    rows: Sequence[Mapping[str, Any]], levels: Mapping[str, Sequence[str]], record_count: int
) -> list[Weight]:
    """The prior (field "prior", level "any") and a weight per field and level, from counted patterns of agreement.

    rows: "rule" ("by lot", "compared" or a block), "own_fields" (the block's columns, between spaces), "<field>_level",
    "pair_count". levels: per field every level there is. ValueError where no pair was drawn or compared.
    """
    parts = {rule: [row for row in rows if row["rule"] == rule] for rule in {row["rule"] for row in rows}}
    if not parts.get("by lot") or not parts.get("compared"):
        raise ValueError("no pairs to learn from: too few people have written their names")
    u = stranger_shares(Patterns.of(parts["by lot"], levels))
    blocks = [
        learn_block(Patterns.of(part, levels), u, part[0]["own_fields"].split())
        for rule, part in sorted(parts.items())
        if rule not in ("by lot", "compared")
    ]
    m = one_person_shares(blocks, list(levels.values()))
    all_pairs = record_count * (record_count - 1) / 2
    share = prior_share(Patterns.of(parts["compared"], levels), m, u, all_pairs)
    return [Weight("prior", "any", share, 1 - share)] + [
        Weight(field, level, float(m[place][n]), float(u[place][n]))
        for place, field in enumerate(levels)
        for n, level in enumerate(levels[field])
    ]
