"""A delivery that dies at a point: python -m tests.orchestration.delivery.dying <home> <release> <point> <nth>."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from orchestration.delivery.deliver import deliver
from orchestration.delivery.report import Gate
from orchestration.paths import Home
from syncs.catalogue import connector_for
from tests.orchestration.delivery.receiver import NOON, SmallRelease


def main(home: str, folder: str, point: str, nth: str) -> None:
    seen: list[str] = []

    def passing(reached: str) -> None:
        seen.append(reached)
        if reached == point and seen.count(point) == int(nth):
            os._exit(9)

    released = SmallRelease(Path(folder), Path(folder).name)
    gates = {name: Gate(True) for name in ("messages", "leave_alone", "high_value")}
    deliver(Home(Path(home)), released, "klaviyo", NOON, connector_for("klaviyo"), gates, passing)


if __name__ == "__main__":
    main(*sys.argv[1:])
