"""Which sources are too old to act on: last heard longer ago than their source YAML allows."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from orchestration.ingestion.contract import StreamContract, load_contracts
from orchestration.ingestion.loads import freshness
from orchestration.paths import Home


def stale_inputs(
    home: Home, as_of: datetime, contracts: Mapping[str, StreamContract] | None = None
) -> list[str]:
    """A sentence per stale stream, as of the moment a release was decided for; empty while all are fresh.

    A pull that found no news has been heard. A stream that never brought a row is not connected, which is no reason
    to stop.
    """
    told = []
    for name, contract in (load_contracts() if contracts is None else contracts).items():
        known = freshness(home, name)
        if contract.fresh_hours is None or not known.loads or known.last_checked_at is None:
            continue
        age = as_of - known.last_checked_at
        if age > timedelta(hours=contract.fresh_hours):
            hours = int(age.total_seconds() // 3600)
            told.append(f"{name} was last heard {hours} hours ago, {contract.fresh_hours:g} are allowed")
    return told
