"""What runs in the process that is killed: one ingestion of each kind."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

from orchestration.ingestion.contract import load_contracts
from orchestration.ingestion.files import ingest_files
from orchestration.ingestion.inbox_loads import ingest_inbox
from orchestration.ingestion.pull import ingest_pull
from orchestration.paths import Home
from syncs.shape import Page

SIX = datetime(2026, 11, 1, 6)
PRODUCT: dict[str, object] = {"category": "tea", "updated_at": "2026-10-31 10:00:00"}


class TwoPages:
    """A shop with three products on two pages."""

    def read(self, stream: str, _since: datetime | None) -> Iterator[Page]:
        assert stream == "products"
        yield Page([PRODUCT | {"product_id": "p1"}, PRODUCT | {"product_id": "p2"}], "2026-10-31 10:00:00")
        yield Page([PRODUCT | {"product_id": "p3"}], "2026-10-31 11:00:00")


def kill_at(point: str) -> Callable[[str], None]:
    """A failpoint that is a real SIGKILL."""

    def at(passed: str) -> None:
        if passed == point:
            os.kill(os.getpid(), signal.SIGKILL)

    return at


def take_and_die(root: str, what: str, point: str) -> None:
    """An ingestion that gets no further than the point."""
    take(Home(Path(root)), what, kill_at(point))


def take(home: Home, what: str, at: Callable[[str], None]) -> None:
    """One ingestion of each kind."""
    contracts = load_contracts()
    if what == "files":
        ingest_files(home, contracts["pos.coupon_redemptions"], SIX, at=at)
    elif what == "pull":
        ingest_pull(home, contracts["shop.products"], TwoPages(), SIX, at=at)
    else:
        ingest_inbox(home, contracts["preferences.consents"], SIX, at=at)
