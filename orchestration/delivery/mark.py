"""How far a ledger has come, remembered outside of it: whoever finds a lost or an older ledger notices."""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path

from orchestration.paths import Home


@dataclass(frozen=True)
class Mark:
    """How many requests the ledger had prepared, and whether it was lost since and not yet rebuilt."""

    number: int = 0
    is_lost: bool = False


def mark_of(home: Home, destination: str) -> Path:
    """Beside the ledgers' folder, not in it: losing the folder must not look like a first run."""
    return home.root / "ledger_marks" / destination


def read_mark(mark: Path) -> Mark:
    return Mark(**json.loads(mark.read_text())) if mark.exists() else Mark()


def write_mark(mark: Path, known: Mark) -> None:
    mark.parent.mkdir(parents=True, exist_ok=True)
    beside = mark.with_suffix(".new")
    with beside.open("w") as file:
        file.write(json.dumps(asdict(known)))
        file.flush()
        os.fsync(file.fileno())
    beside.replace(mark)
