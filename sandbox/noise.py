"""Chance that does not depend on what anyone does: the same seed, day and person always draw the same number.

Two branches of one world (siloed and Downbeat) therefore differ only where their sends differ.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]

_STEP = np.uint64(0x9E3779B97F4A7C15)
_MIX_1 = np.uint64(0xBF58476D1CE4E5B9)
_MIX_2 = np.uint64(0x94D049BB133111EB)


def scramble(values: Array) -> Array:
    """A fixed one-to-one mapping of 64-bit integers (splitmix64)."""
    x = values.astype(np.uint64) + _STEP
    x ^= x >> np.uint64(30)
    x *= _MIX_1
    x ^= x >> np.uint64(27)
    x *= _MIX_2
    return x ^ (x >> np.uint64(31))


@dataclass(frozen=True)
class Noise:
    """Uniform numbers keyed by (seed, day, purpose)."""

    seed: int

    def everyone(self, day: int, purpose: str, people: int) -> Array:
        """One number in [0, 1) per person, float32. Cheapest where everyone needs one."""
        key = [self.seed, day, zlib.crc32(purpose.encode())]
        return np.random.Generator(np.random.SFC64(key)).random(people, dtype=np.float32)

    def of(self, day: int, purpose: str, *keys: Array | int) -> Array:
        """One number in [0, 1) per row of keys, float32; the same keys give the same number in any company."""
        x = np.array([self.seed * 1_000_003 + day, zlib.crc32(purpose.encode())], dtype=np.uint64)
        mixed: Array = scramble(scramble(x[:1]) ^ x[1:])
        for key in keys:
            mixed = scramble(mixed ^ np.asarray(key).astype(np.uint64))
        return (mixed >> np.uint64(40)).astype(np.float32) * np.float32(2.0**-24)
