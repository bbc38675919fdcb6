"""How everyone is doing: what people lately bought, saw, were told and had enough of. Changes day by day."""

from __future__ import annotations

from dataclasses import dataclass, field, fields

import numpy as np

from sandbox.columns import Columns
from sandbox.noise import Array
from sandbox.people import CATEGORY_COUNT, People

LONG_AGO = -10_000


@dataclass
class State:
    """One entry per person. Days are days since 1970-01-01; agenda holds what will happen on a later day."""

    fatigue: Array  # contacts of late, fading by 15 % a day
    goodwill: Array  # 1 is content; a smaller number buys less
    subscribed: Array  # (people, 7): what each tool may still use
    bounced: Array
    wants_quiet: Array  # has asked a person at the desk to be left alone
    bought_product: Array
    bought_on: Array
    web_order_on: Array
    category_on: Array  # (people, categories): day of the last purchase in it
    viewed_product: Array
    viewed_on: Array
    cart_product: Array
    cart_on: Array
    letter_message: Array  # the last letter, with the coupon in it
    letter_decision: Array
    letter_on: Array
    case_until: Array  # last day of the open case, whatever it is about
    upset_until: Array  # last day of an open complaint
    unhappy_until: Array  # 30 days after a bad score
    agenda: dict[int, list[tuple[str, Columns]]] = field(default_factory=dict)
    counters: dict[str, int] = field(default_factory=dict)

    @classmethod
    def fresh(cls, people: People) -> State:
        count = people.count
        never = np.full(count, LONG_AGO, dtype=np.int32)
        nothing = np.full(count, -1, dtype=np.int32)
        return cls(
            fatigue=np.zeros(count, np.float32),
            goodwill=np.ones(count, np.float32),
            subscribed=people.belongings.consents.copy(),
            bounced=np.zeros(count, bool),
            wants_quiet=np.zeros(count, bool),
            bought_product=nothing.copy(),
            bought_on=never.copy(),
            web_order_on=never.copy(),
            category_on=np.full((count, CATEGORY_COUNT), LONG_AGO, dtype=np.int32),
            viewed_product=nothing.copy(),
            viewed_on=never.copy(),
            cart_product=nothing.copy(),
            cart_on=never.copy(),
            letter_message=nothing.copy(),
            letter_decision=nothing.copy(),
            letter_on=never.copy(),
            case_until=never.copy(),
            upset_until=never.copy(),
            unhappy_until=never.copy(),
        )

    def copy(self) -> State:
        """A second life from here on; chunks on the agenda are never changed and may be shared."""
        values = {f.name: getattr(self, f.name) for f in fields(self)}
        arrays = {name: v.copy() for name, v in values.items() if isinstance(v, np.ndarray)}
        agenda = {day: list(items) for day, items in self.agenda.items()}
        return State(**arrays, agenda=agenda, counters=dict(self.counters))

    def plan(self, day: int, kind: str, facts: Columns) -> None:
        """Put something on the agenda of a later day."""
        self.agenda.setdefault(day, []).append((kind, facts))

    def due(self, day: int, kind: str) -> list[Columns]:
        """What was planned for this day, in the order it was planned."""
        return [facts for planned, facts in self.agenda.get(day, []) if planned == kind]

    def number(self, name: str, count: int) -> Array:
        """The next running numbers of a kind."""
        first = self.counters.get(name, 0)
        self.counters[name] = first + count
        return np.arange(first, first + count, dtype=np.int64)

    def in_bad_service(self, person: Array, day: int) -> Array:
        """Whether people have an open complaint or a bad score in the last 30 days."""
        bad: Array = (self.upset_until[person] >= day) | (self.unhappy_until[person] >= day)
        return bad
