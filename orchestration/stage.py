"""A demonstration's stage: how large it is, and what stands on it while the days pass."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from orchestration.holdings import Holding
from orchestration.ingestion.inbox import Inbox
from orchestration.paths import Home
from orchestration.received import Watch
from orchestration.run import RunResult
from sandbox.retailer import Retailer
from sandbox.tools import Toolbox

GO_LIVE = date(2026, 11, 2)
HISTORY_DAYS = 120


@dataclass(frozen=True)
class Scene:
    """How large a demonstration: people, days after go-live, the seed, the engine."""

    customers: int = 2000
    days: int = 5
    seed: int = 7
    target: str = "duckdb"
    history_days: int = HISTORY_DAYS


@dataclass
class Stage:
    """What is on stage while the days pass."""

    home: Home
    scene: Scene
    toolbox: Toolbox
    inbox: Inbox
    ours: Retailer
    siloed: Retailer
    watch: Watch
    secrets: dict[str, str] = field(default_factory=dict)
    runs: list[RunResult] = field(default_factory=list)
    holdings: list[Holding] = field(default_factory=list)
    requests_when_nothing_is_new: int = -1
    files_when_nothing_is_new: int = -1
