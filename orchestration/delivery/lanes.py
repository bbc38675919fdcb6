"""Every destination's lane at once, each in a thread of its own: one that hangs or is down keeps nobody waiting.

The lanes share one pool of connections (syncs/pool.py) and nothing else: each has its ledger, its lease and its pace.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import datetime
from queue import SimpleQueue
from threading import Event

from orchestration.delivery.deliver import DeliveryReport, deliver
from orchestration.delivery.lists import ReleasedTables
from orchestration.delivery.progress import Step, Watcher, nobody
from orchestration.delivery.report import Verdict
from orchestration.paths import Home
from syncs.connector import Connector

MOST_LANES = 32


class Halted(Exception):
    """Whoever asked for the deliveries has gone; what was heard is in the ledger, the rest is for the next run."""


def deliver_all(
    home: Home,
    release: ReleasedTables,
    connectors: Mapping[str, Connector],
    now: datetime,
    gates: Mapping[str, Verdict],
    watcher: Watcher = nobody,
) -> Iterator[tuple[str, DeliveryReport | Exception]]:
    """(destination, report) as the lanes end, the quickest first; what a lane raised stands in place of its report.

    `watcher` is called in the caller's thread. Closing the iterator lets each lane end after the request it is at.
    """
    halted, told = Event(), SimpleQueue[Step | Future[DeliveryReport]]()

    def watched(step: Step) -> None:
        told.put(step)
        if halted.is_set():
            raise Halted

    with ThreadPoolExecutor(MOST_LANES, thread_name_prefix="lane") as threads:
        lanes = {
            threads.submit(deliver, home, release, name, now, connector, gates, watcher=watched): name
            for name, connector in connectors.items()
        }
        for lane in lanes:
            lane.add_done_callback(told.put)
        try:
            while lanes:
                heard = told.get()
                if isinstance(heard, Step):
                    watcher(heard)
                else:
                    yield lanes.pop(heard), _end(heard)
        finally:
            halted.set()


def _end(lane: Future[DeliveryReport]) -> DeliveryReport | Exception:
    problem = lane.exception()
    if problem is None:
        return lane.result()
    if isinstance(problem, Exception):
        return problem
    raise problem
