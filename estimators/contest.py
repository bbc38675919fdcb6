"""A model against its named baselines on people and days it has not seen: only what wins is published."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from estimators.logistic import (
    Numbers,
    Outcomes,
    Step,
    area_under_curve,
    calibration,
    gain,
    log_losses,
)

SURE = 1.645
"""A baseline is beaten when the gain is this many standard errors above zero: one side, five in a hundred."""


@dataclass(frozen=True)
class Entry:
    """How one model did: mean log loss per trial in nats, area under the curve, mean predicted share.

    lead: by how much the contested model is better, in log loss per trial, with its standard error; 0 of itself.
    """

    name: str
    log_loss: float
    area: float
    predicted: float
    lead: float = 0.0
    lead_error: float = 0.0

    @property
    def is_beaten(self) -> bool:
        """Whether the contested model is better by more than chance."""
        return self.lead > SURE * self.lead_error


@dataclass(frozen=True)
class Contest:
    """What came out: the model's own entry, its rivals', the actual share, and the calibration in tenths."""

    own: Entry
    rivals: tuple[Entry, ...]
    actual: float
    steps: tuple[Step, ...]

    @property
    def is_won(self) -> bool:
        """Whether every rival is beaten."""
        return all(rival.is_beaten for rival in self.rivals)

    @property
    def reason(self) -> str:
        """The verdict in words."""
        lost_to = [rival.name for rival in self.rivals if not rival.is_beaten]
        if lost_to:
            return "does not beat " + " nor ".join(lost_to)
        return "beats " + " and ".join(rival.name for rival in self.rivals)


def contest(
    test: Outcomes, ours: Numbers, rivals: Mapping[str, Numbers], people: NDArray[np.int64]
) -> Contest:
    """Compare (n,) predictions with those of each rival. people: (n,) whose a row is, counted from 0."""
    entries = []
    for name, theirs in rivals.items():
        lead, error = gain(test, ours, theirs, people)
        entries.append(Entry(name, *_figures(test, theirs), lead, error))
    actual = float(test.successes.sum() / test.trials.sum())
    return Contest(
        Entry("model", *_figures(test, ours)), tuple(entries), actual, tuple(calibration(test, ours))
    )


def _figures(test: Outcomes, predicted: Numbers) -> tuple[float, float, float]:
    total = float(test.trials.sum())
    return (
        float(log_losses(test, predicted).sum()) / total,
        area_under_curve(test, predicted),
        float((predicted * test.trials).sum()) / total,
    )
