"""What stays the same in a world: its people, shelves, messages and chance."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sandbox.catalogue import Messages, Products
from sandbox.contacts import Contacts
from sandbox.noise import Array, Noise
from sandbox.people import People


@dataclass(frozen=True)
class World:
    seed: int
    first_day: int
    go_live: int
    people: People
    contacts: Contacts
    products: Products
    messages: Messages
    noise: Noise

    @classmethod
    def create(cls, customers: int, seed: int, first_day: int, go_live: int) -> World:
        people = People.settle(customers, seed, first_day, go_live)
        contacts = Contacts(people, seed)
        return cls(
            seed, first_day, go_live, people, contacts, Products.stock(seed), Messages.read(), Noise(seed)
        )

    def weekday(self, day: int) -> int:
        """1 is Monday; 1970-01-01 was a Thursday."""
        return (day + 3) % 7 + 1

    def season(self, day: int) -> float:
        """How much more people buy on this day than on an average one."""
        of_year = (day % 365.25) / 365.25
        christmas = np.exp(-(((of_year - 0.945) / 0.045) ** 2))
        week = [0.85, 0.85, 0.9, 0.95, 1.15, 1.3, 1.0][self.weekday(day) - 1]
        return float((0.93 + 0.6 * christmas) * week)

    def hero(self, day: int) -> tuple[int, int]:
        """The category and product the campaign team pushes this week: what sells well, the same for everyone."""
        week = (day + 3) // 7
        roll = self.noise.of(week, "hero", np.arange(2))
        category = int(roll[0] * len(self.products.category_names))
        return category, category * 40 + int(roll[1] * 5)

    def choose_products(self, category: Array, roll: Array) -> Array:
        """A product of each category; the first ones on the shelf sell best."""
        place = (40 * roll.astype(np.float64) ** 2.2).astype(np.int32)
        return (category.astype(np.int32) * 40 + place).astype(np.int32)
