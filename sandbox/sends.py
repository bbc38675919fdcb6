"""What is sent to whom on one day, whoever decided it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sandbox.columns import Columns, join
from sandbox.noise import Array

MORNING = 9 * 3600


@dataclass(frozen=True)
class Sends:
    """Equally long arrays, one entry per message sent (for ads: per person shown it that day).

    person; message_id (position in the catalogue); category and product promoted (position or -1);
    slot (which of the person's addresses, 0 the main one); decision_id ("" where nobody decided centrally);
    sent_at (seconds of the day, UTC).
    """

    person: Array
    message_id: Array
    category: Array
    product: Array
    slot: Array
    decision_id: Array
    sent_at: Array

    def __len__(self) -> int:
        return len(self.person)

    @classmethod
    def of(
        cls,
        person: Array,
        message: int,
        category: Array | int = -1,
        product: Array | int = -1,
        sent_at: Array | int = MORNING,
    ) -> Sends:
        """One message to many people, by a team that keeps no decisions."""
        count = len(person)

        def fill(value: Array | int, kind: type[np.generic]) -> Array:
            return np.broadcast_to(np.asarray(value, dtype=kind), count).copy()

        return cls(
            person=person.astype(np.int32),
            message_id=fill(message, np.int16),
            category=fill(category, np.int16),
            product=fill(product, np.int32),
            slot=fill(0, np.int8),
            decision_id=np.full(count, "", dtype=object),
            sent_at=fill(sent_at, np.int32),
        )

    @classmethod
    def none(cls) -> Sends:
        """A day without a message."""
        return cls.of(np.empty(0, np.int32), 0)

    @classmethod
    def together(cls, parts: Sequence[Sends]) -> Sends:
        """All parts in order."""
        if not parts:
            return cls.none()
        columns: Columns = join([part.columns() for part in parts])
        return cls(**columns)

    def columns(self) -> Columns:
        return dict(vars(self))

    def only(self, rows: Array) -> Sends:
        """The rows of a mask or of positions."""
        return Sends(**{name: values[rows] for name, values in vars(self).items()})
