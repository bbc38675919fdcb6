"""What is on the shelves, and which messages the marketing teams may send (seeds/messages.csv)."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np

from sandbox import names
from sandbox.noise import Array

PRODUCTS_PER_CATEGORY = 40
MESSAGES = Path(__file__).resolve().parent.parent / "seeds" / "messages.csv"
CHANNELS = ["email", "sms", "push", "paid_social", "onsite", "direct_mail", "call"]
EMAIL, SMS, PUSH, PAID, ONSITE, DIRECT, CALL = range(7)

# Of people who respond, the share that buys because of it (without the message they would not have).
CAUSED = {
    "service": 0.0,
    "onboarding": 0.12,
    "cart": 0.35,
    "promo": 0.28,
    "crosssell": 0.30,
    "winback": 0.35,
    "referral": 0.08,
}
CHANNEL_EFFECT = [1.0, 0.9, 0.8, 0.25, 0.6, 1.4, 1.0]  # paid social mostly meets people who buy anyway
CHANNEL_COST_CENTS = [0.2, 3.0, 0.05, 1.6, 0.0, 85.0, 150.0]  # per message; for ads per person and day


@dataclass(frozen=True)
class Products:
    """Products are numbered category by category; arrays have one entry per product."""

    category: Array
    price_cents: Array
    margin: Array

    @classmethod
    def stock(cls, seed: int) -> Products:
        """The same shelves for everyone with the same seed."""
        rng = np.random.default_rng([seed, 11])
        category = np.repeat(np.arange(len(names.CATEGORIES)), PRODUCTS_PER_CATEGORY).astype(np.int32)
        spread = rng.lognormal(0.0, 0.45, len(category))
        price = np.array(names.CATEGORY_PRICES)[category] * spread * 100
        return cls(category, (price // 50 * 50 + 49).astype(np.int64), rng.uniform(0.25, 0.6, len(category)))

    @property
    def count(self) -> int:
        return len(self.category)

    @property
    def ids(self) -> list[str]:
        return [f"P{number:04d}" for number in range(self.count)]

    @property
    def names(self) -> list[str]:
        words = list(names.CATEGORIES.values())
        shelf = [(words[c], i % PRODUCTS_PER_CATEGORY) for i, c in enumerate(self.category)]
        return [f"{names.COLOURS[i // 4]} {kinds[i % len(kinds)]} {i + 1}" for kinds, i in shelf]

    @property
    def category_names(self) -> list[str]:
        return list(names.CATEGORIES)


@dataclass(frozen=True)
class Messages:
    """The catalogue of messages; position = message index everywhere in the sandbox."""

    rows: list[dict[str, str]]
    without_effect: tuple[str, ...] = ()  # channels whose messages are clicked but make nobody buy

    @classmethod
    def read(cls, path: Path = MESSAGES) -> Messages:
        with path.open(newline="") as file:
            return cls(list(csv.DictReader(file)))

    @cached_property
    def ids(self) -> list[str]:
        return [row["message_id"] for row in self.rows]

    @cached_property
    def campaigns(self) -> list[str]:
        return [row["campaign"] for row in self.rows]

    @cached_property
    def categories(self) -> list[str]:
        return [row["category"] for row in self.rows]

    @cached_property
    def channel(self) -> Array:
        return np.array([CHANNELS.index(row["channel"]) for row in self.rows], dtype=np.int8)

    @cached_property
    def base_rate(self) -> Array:
        return np.array([float(row["base_rate"]) for row in self.rows], dtype=np.float32)

    @cached_property
    def counts_to_caps(self) -> Array:
        return np.array([row["count_to_caps"] == "true" for row in self.rows])

    @cached_property
    def is_marketing(self) -> Array:
        return np.array([row["purpose"] == "marketing" for row in self.rows])

    @cached_property
    def is_referral(self) -> Array:
        return np.array([row["category"] == "referral" for row in self.rows])

    @cached_property
    def caused_share(self) -> Array:
        """The truth about each message: of its responders, the share that buys because of it."""
        share = [CAUSED.get(row["category"], 0.1) for row in self.rows]
        effect = np.array(CHANNEL_EFFECT) * ~np.isin(CHANNELS, self.without_effect)
        caused: Array = (np.array(share) * effect[self.channel]).astype(np.float32)
        return caused

    @cached_property
    def cost_cents(self) -> Array:
        return np.array(CHANNEL_COST_CENTS)[self.channel]

    def index(self, message_id: str) -> int:
        return self.ids.index(message_id)

    def goes_out(self, message_id: str, weekday: int) -> bool:
        """Whether the message's weekdays (1 = Monday) hold this one."""
        return str(weekday) in self.rows[self.index(message_id)]["weekdays"].split("|")
