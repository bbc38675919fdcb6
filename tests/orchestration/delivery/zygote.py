"""Deliveries as real processes that die by SIGKILL: a parent that has everything imported and forks one per order.

Orders come as JSON lines on stdin: home, release, now, gates, url, and `kill`, one of {"point", "nth"} (at a named
point), {"calls"} (at the nth call of any Python function, so a seed reproduces it), or nothing. Answers are JSON
lines: {"process"} once it runs, {"report"} from a delivery that got to its end, {"ended"} with its wait status.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from collections import Counter
from datetime import datetime
from pathlib import Path
from typing import Any

from orchestration.delivery.deliver import deliver
from orchestration.delivery.report import Gate
from orchestration.paths import Home
from tests.orchestration.delivery.model_connector import JumpingTime, ModelConnector
from tests.orchestration.delivery.receiver import LISTS, SmallRelease


def main() -> None:
    for line in sys.stdin:
        order = json.loads(line)
        process = os.fork()
        if not process:
            _deliver(order)
            os._exit(0)
        say({"process": process})
        _, status = os.waitpid(process, 0)
        say({"ended": status})


def say(answer: dict[str, Any]) -> None:
    """One write per line, so that lines of parent and child never mix."""
    os.write(1, (json.dumps(answer) + "\n").encode())


def _deliver(order: dict[str, Any]) -> None:
    kill, seen = order.get("kill") or {}, Counter[str]()

    def passing(point: str) -> None:
        seen[point] += 1
        if point == kill.get("point") and seen[point] == kill["nth"]:
            die()

    if "calls" in kill:
        _die_at_call(kill["calls"])
    environment = {"MODEL_URL": order["url"], "MODEL_KEY": "k", "DOWNBEAT_ALLOW_LOOPBACK": "1"}
    connector = ModelConnector(environment, JumpingTime().clock())
    folder = Path(order["release"])
    gates = {sync_id: Gate(order["gates"], "" if order["gates"] else "no") for sync_id, *_ in LISTS}
    now = datetime.fromisoformat(order["now"])
    released = SmallRelease(folder, folder.name)
    report = deliver(Home(Path(order["home"])), released, "tool", now, connector, gates, passing)
    sys.setprofile(None)
    say({"report": {"is_quiet": report.is_quiet, "stopped": report.stopped}})


def _die_at_call(number: int) -> None:
    left = [number]

    def count(*_: object) -> None:
        left[0] -= 1
        if not left[0]:
            die()

    sys.setprofile(count)


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    main()
